/** From facts to a plan. Nothing here reads or writes anything. */
import { join } from 'node:path';
import { addable, type Server } from '../config/index.ts';
import type { Paths } from '../platform/paths.ts';
import type { Manifest } from '../registry/index.ts';
import { secretReference } from '../secrets/index.ts';
import type { Choice } from './choose.ts';
import { type Filled, fill } from './fill.ts';
import type { Pinned } from './pin.ts';
import { isPlaceholder, type Template } from './template.ts';
import {
  type Bundle,
  type Checkout,
  Hidden,
  type InstallPlan,
  type PlannedArgument,
} from './types.ts';
import type { Answer, Question } from './values.ts';

/** Everything a plan depends on. */
export interface PlanFacts {
  readonly name: string;
  readonly manifest: Manifest;
  readonly choice: Choice;
  readonly template: Template;
  readonly questions: readonly Question[];
  readonly answers: ReadonlyMap<string, Answer>;
  /** Other ways it could be installed. */
  readonly others: readonly string[];
  /** The command line without values, its version settled. */
  readonly pinned: Pinned;
  readonly existing: Server | undefined;
  readonly replace: boolean;
  readonly plainSecrets: boolean;
  readonly bundle: Bundle | undefined;
  readonly checkout: Checkout | undefined;
  readonly now: Date;
  readonly paths: Paths;
}

/**
 * The plan. Pure.
 * @throws McpmError `CONFLICT` when the name is taken and may not be replaced, `INVALID_INPUT` for a name no server can have
 */
export function buildPlan(facts: PlanFacts): InstallPlan {
  const { name, manifest, choice, answers, questions, pinned } = facts;
  const secrets: Record<string, Hidden> = {};
  const values = new Map<string, readonly string[]>();
  for (const { name: argument, secret } of questions) {
    const answer = answers.get(argument);
    if (!answer) continue;
    values.set(argument, secret ? hide(name, argument, answer, secrets) : answer.values);
  }
  const filled = fill({ ...facts.template, args: pinned.parts }, values);
  const server = addable(facts.existing, serverOf(name, filled), facts.replace);
  return {
    name,
    title: manifest.display_name,
    origin: manifest.origin ?? { source: 'file', reference: manifest.name },
    ...(pinned.version === undefined ? {} : { version: pinned.version }),
    installation: {
      key: choice.key,
      type: choice.installation.type,
      reason: choice.reason,
      ...(choice.installation.description === undefined
        ? {}
        : { description: choice.installation.description }),
      others: facts.others,
    },
    arguments: questions.map((question) => shown(question, answers.get(question.name))),
    server,
    secrets,
    plainSecrets: facts.plainSecrets,
    resolved: { ...resolvedOf(facts), ...valuesOf(facts, values) },
    ...(facts.bundle === undefined ? {} : { bundle: facts.bundle }),
    ...(facts.checkout === undefined ? {} : { checkout: facts.checkout }),
    writes: writesOf(facts, Object.keys(secrets).length > 0),
    replaces: facts.existing !== undefined,
    warnings: [...choice.warnings, ...pinned.warnings, ...leftOver(facts), ...standing(manifest)],
    manifest,
  };
}

/** A secret's place is taken by a reference; one that is a reference already stays. */
function hide(
  server: string,
  argument: string,
  { values }: Answer,
  secrets: Record<string, Hidden>,
): string[] {
  return values.map((value, index) => {
    if (/^\$\{[^}]+\}$/.test(value)) return value;
    const name = `${server}/${argument.replace(/[^A-Za-z0-9._:@/-]/g, '_')}${index === 0 ? '' : `/${index + 1}`}`;
    secrets[name] = new Hidden(value);
    return secretReference(name);
  });
}

function serverOf(name: string, filled: Filled) {
  if (filled.url !== undefined) return { name, url: filled.url, headers: filled.headers };
  return { name, command: filled.command ?? '', args: filled.args, env: filled.env };
}

function shown({ name, argument, secret }: Question, answer: Answer | undefined): PlannedArgument {
  const value = answer?.values.join(', ');
  return {
    name,
    description: argument.description,
    required: argument.required ?? false,
    secret,
    ...(answer === undefined ? {} : { from: answer.from }),
    ...(answer?.variable === undefined ? {} : { variable: answer.variable }),
    ...(value === undefined ? {} : { value: secret ? new Hidden(value).toString() : value }),
  };
}

/** What to remember of the values, when there are any. A secret that stands in the configuration itself is not written twice. */
function valuesOf(
  { questions, plainSecrets }: PlanFacts,
  values: ReadonlyMap<string, readonly string[]>,
): Pick<InstallPlan['resolved'], 'values'> {
  const kept = questions.flatMap(({ name, secret }): [string, readonly string[]][] => {
    const value = values.get(name);
    return value === undefined || (secret && plainSecrets) ? [] : [[name, value]];
  });
  return kept.length === 0 ? {} : { values: Object.fromEntries(kept) };
}

function resolvedOf(facts: PlanFacts): InstallPlan['resolved'] {
  const { manifest, choice, now } = facts;
  const { origin } = manifest;
  return {
    reference: origin?.reference ?? manifest.name,
    source: origin?.source ?? 'file',
    method: choice.key,
    type: choice.installation.type,
    ...exactly(facts),
    resolvedAt: now.toISOString(),
  };
}

/** What exactly it is, by what proves it. */
function exactly({ manifest, pinned, bundle, checkout }: PlanFacts) {
  const version = manifest.version === undefined ? {} : { version: manifest.version };
  if (bundle) {
    return {
      ecosystem: 'mcpb',
      ...version,
      integrity: `sha256:${bundle.sha256}`,
      pinned: true,
    } as const;
  }
  if (checkout) {
    return {
      ecosystem: 'git',
      package: checkout.url,
      ...version,
      integrity: checkout.commit,
      pinned: true,
    } as const;
  }
  return {
    ...(pinned.ecosystem === undefined ? {} : { ecosystem: pinned.ecosystem }),
    ...(pinned.package === undefined ? {} : { package: pinned.package }),
    ...(pinned.version === undefined ? {} : { version: pinned.version }),
    ...(pinned.integrity === undefined ? {} : { integrity: pinned.integrity }),
    pinned: pinned.pinned,
  };
}

function writesOf(facts: PlanFacts, hasSecrets: boolean): string[] {
  const { name, paths, bundle, checkout, plainSecrets } = facts;
  return [
    ...(bundle ? [bundle.folder] : []),
    ...(checkout ? [checkout.path] : []),
    ...(hasSecrets && !plainSecrets ? ['the secret store'] : []),
    join(paths.serversDir, name, 'metadata.json'),
    paths.resolved,
    paths.sources,
    paths.servers,
  ];
}

/**
 * Words that look like they wait for a value nobody asked for: a mistake of the manifest that only the person can mend. What the person
 * gave is not looked at, nor are paths of this machine.
 */
function leftOver({ template, manifest, bundle, checkout }: PlanFacts): string[] {
  if (bundle || checkout || manifest.origin?.source === 'folder') return [];
  const { args, env, headers } = template;
  const words = args.filter((part) => typeof part === 'string');
  const texts = [...words, ...Object.values(env), ...Object.values(headers)];
  return [...new Set(texts)]
    .filter((text) => text !== '' && !text.includes('${') && isPlaceholder(text))
    .map((text) => `${JSON.stringify(text)} looks like a placeholder; change it with mcpm edit`);
}

function standing({ status, status_message: why, is_archived: archived }: Manifest): string[] {
  if (status === 'deprecated') return [`Its author calls it deprecated${why ? `: ${why}` : '.'}`];
  return archived ? ['It is archived: no longer maintained by its author.'] : [];
}
