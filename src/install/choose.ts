/** Which of a manifest's installations is used, and why. */
import { McpmError } from '../errors.ts';
import type { Installation, InstallationType, Manifest } from '../registry/index.ts';
import { adviceFor, type Present } from './runtimes.ts';

/** The installation that is used. */
export interface Choice {
  readonly key: string;
  readonly installation: Installation;
  /** Why this one, as a clause: `recommended`, `asked for with --method` … */
  readonly reason: string;
  /** Things the person should know. */
  readonly warnings: readonly string[];
}

/** Installations that fetch all they need, so that having the runtime is enough to start them. */
const SELF_CONTAINED: ReadonlySet<InstallationType> = new Set([
  'npm',
  'uvx',
  'docker',
  'nuget',
  'mcpb',
  'http',
  'sse',
]);

/**
 * Choose an installation: the one asked for, else the recommended (or first) one, unless its runtime is missing here and that of
 * another, which fetches all it needs by itself, is present. Pure.
 * @throws McpmError `NOT_FOUND` for a method the manifest does not have
 */
export function chooseInstallation(
  manifest: Manifest,
  present: Present,
  method: string | undefined,
): Choice {
  const all = Object.entries(manifest.installations);
  if (method !== undefined) return byMethod(manifest, all, present, method);
  const preferred = all.find(([, one]) => one.recommended) ?? all[0];
  if (!preferred) {
    throw new McpmError('INVALID_INPUT', `${manifest.name} lists no way to install it`);
  }
  const [key, installation] = preferred;
  const label = installation.recommended ? 'recommended' : all.length > 1 ? 'first' : 'only way';
  if (isReady(installation, present)) return choice(key, installation, label, present);
  const other = all.find(
    ([, one]) => one !== installation && SELF_CONTAINED.has(one.type) && isReady(one, present),
  );
  if (!other) return choice(key, installation, label, present);
  const reason = `${key} is ${label}, but ${runtimeOf(installation)} is not on the PATH`;
  return choice(other[0], other[1], reason, present);
}

function byMethod(
  manifest: Manifest,
  all: readonly (readonly [string, Installation])[],
  present: Present,
  method: string,
): Choice {
  const found = all.find(([key]) => key === method) ?? all.find(([, one]) => one.type === method);
  if (found) return choice(found[0], found[1], 'asked for', present);
  const keys = all.map(([key]) => key);
  throw new McpmError('NOT_FOUND', `${manifest.name} cannot be installed by ${method}`, {
    hint: `Choose --method ${keys.join(' | ')}`,
    data: { methods: keys },
  });
}

function choice(key: string, installation: Installation, reason: string, present: Present): Choice {
  const runtime = runtimeOf(installation);
  const missing = runtime !== undefined && !present.has(runtime);
  const warnings = missing ? [`${runtime} is not on the PATH. ${adviceFor(runtime)}`] : [];
  return { key, installation, reason, warnings };
}

/** The program an installation is started with; a remote one needs none. */
export function runtimeOf(installation: Installation): string | undefined {
  return installation.command?.trim().split(/\s+/)[0];
}

function isReady(installation: Installation, present: Present): boolean {
  const runtime = runtimeOf(installation);
  return runtime === undefined || present.has(runtime);
}
