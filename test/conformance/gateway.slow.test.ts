/** The official suite through the built program: the fixture behind `mcpm run --http` does as well as by itself. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { installFromNpm } from '../helpers/tools.ts';
import { FIXTURE, startFixture } from './fixture.ts';
import { serveProgram } from './program.ts';
import { failures, REQUIRED, REVISIONS, testServer } from './suite.ts';
import { unprefixed } from './unprefixed.ts';

const fixture = { command: process.execPath, args: [FIXTURE] };

describe('one server through the gateway', () => {
  test.each(REVISIONS)('on stdio passes every required scenario of %s', async (revision) => {
    const verdict = await testServer(await serveProgram(['run', 'fixture'], { fixture }), revision);
    expect(failures(verdict), verdict.output).toEqual([]);
    expect(Object.keys(verdict.required)).toHaveLength(REQUIRED.server[revision]);
    const direct = await testServer(await startFixture(), revision);
    expect(verdict.unscored, verdict.output).toEqual(direct.unscored);
  });

  test.each(REVISIONS)('on HTTP passes every required scenario of %s', async (revision) => {
    const far = { url: await startFixture() };
    const verdict = await testServer(await serveProgram(['run', 'far'], { far }), revision);
    expect(failures(verdict), verdict.output).toEqual([]);
    expect(Object.keys(verdict.required)).toHaveLength(REQUIRED.server[revision]);
  });
});

describe('a profile of two servers', () => {
  test.each(REVISIONS)(
    'passes every required scenario of %s, under the names that the suite knows',
    async (revision) => {
      const modules = await installFromNpm('everything', {
        '@modelcontextprotocol/server-everything': '2026.8.31',
      });
      const script = join(modules, '@modelcontextprotocol/server-everything/dist/index.js');
      const everything = { command: process.execPath, args: [script] };
      const url = await serveProgram(['profile', 'run', 'all'], { fixture, everything });
      const verdict = await testServer(await unprefixed(url, 'fixture'), revision);
      expect(failures(verdict), verdict.output).toEqual([]);
      expect(Object.keys(verdict.required)).toHaveLength(REQUIRED.server[revision]);
    },
  );
});
