/** Gathering the facts for a plan: the manifest, what this machine has, the values, the version. */
import { resolve as resolvePath } from 'node:path';
import { readServers, readSettings, validateServerName } from '../config/index.ts';
import type { Context } from '../context.ts';
import { McpmError } from '../errors.ts';
import { removeTree } from '../platform/files.ts';
import type { Installation, Manifest } from '../registry/index.ts';
import { buildPlan } from './build-plan.ts';
import { downloadBundle } from './bundle.ts';
import { type Choice, chooseInstallation, runtimeOf } from './choose.ts';
import { readEnvFile } from './env-file.ts';
import { bundleAt, type LocatedReference, locate, type Placed } from './locate.ts';
import { localName } from './naming.ts';
import { nodeExecutable, withNodeExecutable } from './node-executable.ts';
import { pin } from './pin.ts';
import { lookForPrograms } from './runtimes.ts';
import { templateOf } from './template.ts';
import type { Bundle, InstallPlan, InstallRequest } from './types.ts';
import { type Answer, askFor, gather, missingError, type Question, questionsOf } from './values.ts';

/**
 * What an installation would do. Asks registries and, through `request.asker`, the person; changes nothing.
 * @throws McpmError `NOT_FOUND` (no such server, version, method), `USAGE` (all values that are missing), `INVALID_INPUT` (a value that
 * is not acceptable), `CONFLICT` (the name is taken), `NETWORK`, `REGISTRY`
 */
export async function plan(ctx: Context, request: InstallRequest): Promise<InstallPlan> {
  const located = await locate(ctx, request.reference);
  try {
    return await planFor(ctx, request, located);
  } catch (error) {
    if (located.temporary !== undefined) await removeTree(located.temporary);
    throw error;
  }
}

/** Remove what was fetched for a plan that is not carried out. */
export async function discard({ checkout }: Pick<InstallPlan, 'checkout'>): Promise<void> {
  if (checkout) await removeTree(checkout.clonedTo);
}

async function planFor(
  ctx: Context,
  request: InstallRequest,
  located: LocatedReference,
): Promise<InstallPlan> {
  const name = request.alias ?? localName(located.manifest);
  validateServerName(name);
  const existing = (await readServers(ctx))[name];
  if (existing !== undefined && !request.replace) throw taken(name);
  const placed = await located.place(name);
  const { choice, others, manifest, bundle } = await settle(ctx, placed, name, request.method);
  const template = templateOf(choice.installation, manifest.arguments ?? {});
  const questions = questionsOf(template, manifest.arguments ?? {});
  const answers = await answersFor(ctx, request, name, choice, questions);
  // Bundles and checkouts are exactly what was fetched; what they start is up to them.
  const isFetched = bundle !== undefined || placed.checkout !== undefined;
  const float = isFetched ? 'stated' : floatOf(request, located.namesVersion);
  const command = template.command ?? '';
  const pinned = await pin(ctx, choice.installation, command, template.args, float);
  return buildPlan({
    name,
    manifest,
    choice: { ...choice, warnings: [...choice.warnings, ...(placed.warnings ?? [])] },
    others,
    template,
    questions,
    answers,
    pinned,
    existing,
    replace: request.replace ?? false,
    plainSecrets: request.plainSecrets ?? false,
    bundle,
    checkout: placed.checkout,
    now: ctx.now(),
    paths: ctx.paths,
  });
}

function floatOf({ pin: wanted }: InstallRequest, namesVersion: boolean) {
  if (wanted !== false) return 'no';
  return namesVersion ? 'stated' : 'open';
}

interface Settled {
  readonly manifest: Manifest;
  readonly choice: Choice;
  readonly others: readonly string[];
  readonly bundle: Bundle | undefined;
}

/** Choose the installation; when that is a bundle, fetch it, and take its own word for how it is started. */
async function settle(
  ctx: Context,
  placed: Placed,
  name: string,
  method: string | undefined,
): Promise<Settled> {
  const manifest = await withSettings(ctx, placed.manifest);
  const { choice, others } = await choose(ctx, manifest, method);
  const { installation } = choice;
  const url = installation.type === 'mcpb' ? installation.package : undefined;
  if (url === undefined) return { manifest, choice, others, bundle: placed.bundle };
  if (installation.sha256 === undefined) {
    throw new McpmError('INTEGRITY', `${manifest.name} names a bundle without its checksum`, {
      hint: `If you trust it: mcpm install ${url}`,
      data: { url },
    });
  }
  const bytes = await downloadBundle(ctx, url);
  const opened = await (await bundleAt(ctx, bytes, url, installation.sha256)).place(name);
  const own = (await choose(ctx, opened.manifest, undefined)).choice;
  return {
    manifest: { ...manifest, arguments: opened.manifest.arguments ?? {} },
    choice: { ...own, key: choice.key, reason: choice.reason },
    others,
    bundle: opened.bundle,
  };
}

function taken(name: string): McpmError {
  return new McpmError('CONFLICT', `A server called ${name} is installed already`, {
    hint: `Replace it with --force, or store this one under another name with --alias.`,
    data: { server: name },
  });
}

/** The manifest as this person's settings want it. */
async function withSettings(ctx: Context, manifest: Manifest): Promise<Manifest> {
  const executable = nodeExecutable((await readSettings(ctx))['node_executable']);
  const installations = Object.entries(manifest.installations).map(
    ([key, one]): [string, Installation] => [key, withNodeExecutable(one, executable)],
  );
  return { ...manifest, installations: Object.fromEntries(installations) };
}

async function choose(
  ctx: Context,
  manifest: Manifest,
  method: string | undefined,
): Promise<{ choice: Choice; others: string[] }> {
  const runtimes = Object.values(manifest.installations).flatMap((one) => runtimeOf(one) ?? []);
  const present = await lookForPrograms(ctx, runtimes);
  const choice = chooseInstallation(manifest, present, method);
  const command = choice.installation.command;
  const found = command === undefined ? undefined : present.get(command);
  const installation =
    found === undefined ? choice.installation : { ...choice.installation, command: found };
  const others = Object.keys(manifest.installations).filter((key) => key !== choice.key);
  return { choice: { ...choice, installation }, others };
}

async function answersFor(
  ctx: Context,
  request: InstallRequest,
  server: string,
  choice: Choice,
  questions: readonly Question[],
): Promise<ReadonlyMap<string, Answer>> {
  const flags = request.set ?? [];
  refuseUnknown(flags, questions, server, choice);
  const file = request.envFile === undefined ? {} : await readEnvFile(ctx.cwd, request.envFile);
  const answers = gather(questions, { server, flags, file, env: ctx.env });
  if (request.asker) await askFor(questions, answers, request.asker, request.askOptional ?? false);
  const missing = questions.filter(({ name, argument }) => argument.required && !answers.has(name));
  if (missing.length > 0) throw missingError(server, missing);
  return withPaths(ctx, questions, answers);
}

/** A mistyped name must not pass silently. */
function refuseUnknown(
  flags: readonly (readonly [string, string])[],
  questions: readonly Question[],
  server: string,
  choice: Choice,
): void {
  const known = questions.map(({ name }) => name);
  const unknown = flags.map(([name]) => name).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new McpmError('USAGE', `${server} takes no value called ${unknown.join(', ')}`, {
    hint:
      known.length === 0
        ? `Its installation by ${choice.key} takes none.`
        : `Its installation by ${choice.key} takes ${known.join(', ')}.`,
    data: { unknown, known },
  });
}

/** Paths are stored as they will be found from anywhere: `~` and relative ones are made absolute. */
function withPaths(
  ctx: Context,
  questions: readonly Question[],
  answers: Map<string, Answer>,
): ReadonlyMap<string, Answer> {
  for (const { name, argument } of questions) {
    const answer = answers.get(name);
    if (!answer || !/^(filepath|directory)$/.test(argument.format ?? '')) continue;
    answers.set(name, { ...answer, values: answer.values.map((path) => absolute(ctx, path)) });
  }
  return answers;
}

function absolute({ home, cwd }: Context, path: string): string {
  if (path.includes('${')) return path;
  return resolvePath(cwd, path.replace(/^~(?=$|[/\\])/, home));
}
