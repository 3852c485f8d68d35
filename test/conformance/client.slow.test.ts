/** The gateway as a client: a thin client on stdio in front of `mcpm run`, which does everything on the network, sign-ins included. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../helpers/tools.ts';
import { failures, REQUIRED, REVISIONS, testClient } from './suite.ts';

const THIN = join(root, 'test/fixtures/mcp/conformance-client.mjs');
const COMMAND = [process.execPath, THIN, process.execPath, join(root, 'dist/main.cjs')].join(' ');

describe('the gateway towards servers on the network', () => {
  test.each(REVISIONS)('passes every required client scenario of %s', async (revision) => {
    const verdict = await testClient(COMMAND, revision);
    expect(failures(verdict), verdict.output).toEqual([]);
    expect(Object.keys(verdict.required)).toHaveLength(REQUIRED.client[revision]);
  });
});
