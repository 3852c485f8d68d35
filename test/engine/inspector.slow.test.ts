/** The Inspector, an independent client, sees the same through the gateway as directly: in both eras, over stdio and HTTP. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { FIXTURE } from '../conformance/fixture.ts';
import { configure, serveProgram } from '../conformance/program.ts';
import { installFromNpm, installNode, NODE_VERSION, root } from '../helpers/tools.ts';

const PACKAGE = '@modelcontextprotocol/inspector';
const VERSION = '2.12.0';
const MAIN = join(root, 'dist/main.cjs');

const fixture = { command: process.execPath, args: [FIXTURE] };
const ERAS = ['legacy', 'modern'] as const;
const ASKED = [
  ['--method', 'tools/list'],
  ['--method', 'tools/call', '--tool-name', 'test_multiple_content_types'],
  ['--method', 'prompts/get', '--prompt-name', 'test_simple_prompt'],
  ['--method', 'resources/read', '--uri', 'test://static-text'],
];

let node: string;
let inspector: string;
beforeAll(async () => {
  node = await installNode(NODE_VERSION);
  const modules = await installFromNpm('inspector', { [PACKAGE]: VERSION });
  inspector = join(modules, '.bin/mcp-inspector');
}, 180_000);

/** What the Inspector prints of a target, question by question. */
async function inspect(target: readonly string[], era: string): Promise<string[]> {
  const answers = ASKED.map((asked) =>
    promisify(execFile)(node, [inspector, '--cli', ...target, '--protocol-era', era, ...asked]),
  );
  return (await Promise.all(answers)).map(({ stdout }) => stdout);
}

describe('the Inspector sees the same through the gateway', () => {
  test.each(ERAS)('in the %s era', async (era) => {
    const direct = await inspect([fixture.command, ...fixture.args], era);
    expect(direct.join('')).toContain('test_simple_text');
    const env = Object.entries(configure({ fixture }).env);
    const settings = env.flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    expect(await inspect([...settings, process.execPath, MAIN, 'run', 'fixture'], era)).toEqual(
      direct,
    );
    const url = await serveProgram(['run', 'fixture'], { fixture });
    expect(await inspect([url], era)).toEqual(direct);
  });
});
