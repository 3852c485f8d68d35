import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { clientEntries, curlCheck, qrCode, quickHints } from '../../src/share/index.ts';

const endpoint = {
  name: 'time',
  url: 'https://abc.relay.test/mcp',
  transport: 'http',
  token: 'mcpms_x',
} as const;

describe('what a share shows', () => {
  it('has entries of five clients, each in its own words, the token in each', () => {
    const entries = clientEntries(endpoint);
    expect(entries.map(({ client }) => client)).toEqual([
      'Claude Code',
      'Cursor',
      'VS Code',
      'Windsurf',
      'Gemini CLI',
    ]);
    expect(JSON.parse(entries[2]?.text ?? '')).toEqual({
      servers: {
        time: { type: 'http', url: endpoint.url, headers: { Authorization: 'Bearer mcpms_x' } },
      },
    });
    for (const { text } of entries) expect(text).toContain('Bearer mcpms_x');
  });

  it('has links that hold the same entry', () => {
    const [, cursor, vscode] = quickHints(endpoint);
    const config = new URL(cursor?.text ?? '').searchParams.get('config') ?? '';
    expect(JSON.parse(Buffer.from(config, 'base64').toString())).toMatchObject({
      url: endpoint.url,
    });
    expect(JSON.parse(decodeURIComponent(vscode?.text.split('?')[1] ?? ''))).toMatchObject({
      name: 'time',
      type: 'http',
    });
  });

  it.skipIf(process.platform === 'win32')(
    'has one-liners that a shell reads as they are meant',
    () => {
      const words = (line: string) =>
        execFileSync('sh', ['-c', `set -- ${line}; printf '%s\\n' "$@"`], { encoding: 'utf8' })
          .trim()
          .split('\n');
      expect(words(quickHints(endpoint)[0]?.text ?? '')).toEqual([
        'claude',
        'mcp',
        'add',
        '--transport',
        'http',
        'time',
        endpoint.url,
        '--header',
        'Authorization: Bearer mcpms_x',
      ]);
      expect(words(curlCheck(endpoint))).toContain('Authorization: Bearer mcpms_x');
    },
  );

  it('asks curl to trust what the agent trusts', () => {
    const at = (trust: { ca: string } | { pin: string }) => curlCheck({ ...endpoint, trust });
    expect(at({ ca: '/x/ca.pem' })).toMatch(/^curl --cacert '\/x\/ca\.pem' 'https:/);
    expect(at({ pin: 'sha256:1w_1ajwjrNTxYWWg0wUkBSPDrtrOL1C6zmHzDo4E3Eo' })).toContain(
      "--pinnedpubkey 'sha256//1w/1ajwjrNTxYWWg0wUkBSPDrtrOL1C6zmHzDo4E3Eo='",
    );
  });

  it('has no token where there is none', () => {
    const { token: _, ...open } = endpoint;
    expect(JSON.stringify([clientEntries(open), quickHints(open), curlCheck(open)])).not.toContain(
      'Bearer',
    );
  });

  it('draws a code', async () => {
    expect((await qrCode(endpoint.url)).split('\n').length).toBeGreaterThan(10);
  });
});
