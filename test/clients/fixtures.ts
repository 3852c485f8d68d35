/** The fixture folder of a client: files as the client itself writes them, and what becomes of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientKey } from '../../src/clients/index.ts';

const root = fileURLToPath(new URL('../fixtures/clients/', import.meta.url));

/** `before` is the client's; the others are `before` after one action of ours. */
export interface Fixture {
  readonly before: string;
  /** With `mcpm_fetch`, which runs `mcpm run fetch`. */
  readonly afterAdd: string;
  /** With `linear`, a remote entry; absent where the client holds processes only. */
  readonly afterRemote: string | undefined;
  /** Without one of the entries that were there. */
  readonly afterRemove: string;
}

/** Read a client's fixture. */
export function readFixture(key: ClientKey): Fixture {
  const names = readdirSync(join(root, key));
  const read = (stem: string) => {
    const name = names.find((each) => each.startsWith(`${stem}.`));
    return name === undefined ? undefined : readFileSync(join(root, key, name), 'utf8');
  };
  const must = (stem: string) => read(stem) ?? missing(key, stem);
  return {
    before: must('before'),
    afterAdd: must('after-add'),
    afterRemote: read('after-remote'),
    afterRemove: must('after-remove'),
  };
}

/** The folders that there are. */
export function fixtureKeys(): readonly string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function missing(key: string, stem: string): never {
  throw new Error(`no ${stem} file in test/fixtures/clients/${key}`);
}
