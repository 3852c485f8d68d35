/** The fixture server itself fulfils everything the protocol requires: what the gateway is then measured against. */
import { describe, expect, test } from 'vitest';
import { startFixture } from './fixture.ts';
import { failures, REQUIRED, REVISIONS, testServer } from './suite.ts';

describe('the fixture server, reached directly', () => {
  test.each(REVISIONS)('passes every required scenario of %s', async (revision) => {
    const verdict = await testServer(await startFixture(), revision);
    expect(failures(verdict), verdict.output).toEqual([]);
    expect(Object.keys(verdict.required)).toHaveLength(REQUIRED.server[revision]);
  });
});
