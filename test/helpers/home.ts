/** A throw-away HOME with a context over it: real files, a fixed clock, no terminal. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { onTestFinished } from 'vitest';
import { type Context, type ContextOverrides, createContext } from '../../src/context.ts';

/** A temporary home and the helpers a test needs in it. It is removed when the test ends. */
export interface TestHome {
  readonly dir: string;
  readonly ctx: Context;
  /** Everything written to the context's stdout so far. */
  stdout(): string;
  stderr(): string;
  /** Write a file below the home; returns its absolute path. */
  write(path: string, content: string | Uint8Array): string;
  read(path: string): string;
}

/** Make a temporary HOME. `overrides` replace parts of the context (platform, clock, environment …). */
export function makeHome(overrides: ContextOverrides = {}): TestHome {
  const dir = mkdtempSync(join(tmpdir(), 'mcpm-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));
  const out = collect();
  const err = collect();
  // Never the keychain of the person who runs the tests.
  const env = {
    PATH: process.env.PATH,
    HOME: dir,
    MCPM_SECRETS_BACKEND: 'file',
    ...overrides.env,
  };
  const ctx = createContext({
    home: dir,
    cwd: dir,
    stdin: new PassThrough(),
    stdout: out.stream,
    stderr: err.stream,
    now: () => new Date('2026-01-02T03:04:05.000Z'),
    ...overrides,
    env,
  });
  return {
    dir,
    ctx,
    stdout: out.text,
    stderr: err.text,
    write(path, content) {
      const target = join(dir, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
      return target;
    },
    read: (path) => readFileSync(join(dir, path), 'utf8'),
  };
}

/** A stream, and the text that was written to it so far. */
export function collect() {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}
