/** A home with servers of every kind and a client's file. */
import { ClientConfigManager } from '../../src/clients/index.ts';
import { makeHome, type TestHome } from './home.ts';

/** `servers.json`. */
const SERVERS = {
  time: { name: 'time', profile_tags: ['web'], command: 'uvx', args: ['mcp-server-time'], env: {} },
  files: { name: 'files', profile_tags: [], command: 'npx', args: ['-y', 'files'], env: {} },
  docs: { name: 'docs', profile_tags: ['web'], url: 'https://example.com/mcp', headers: {} },
  events: {
    name: 'events',
    profile_tags: [],
    url: 'https://example.com/sse',
    headers: { 'X-A': '1' },
  },
  locked: {
    name: 'locked',
    profile_tags: [],
    url: 'https://l.example/mcp',
    headers: { Authorization: '${secret:l}' },
  },
  keyed: {
    name: 'keyed',
    profile_tags: [],
    url: 'https://k.example/mcp?api_key=abc',
    headers: {},
  },
  builtin: { name: 'builtin', profile_tags: [], config: { type: 'builtin' } },
};
/** Cursor's file. */
export const CURSOR = '.cursor/mcp.json';
/** A file that a person wrote. */
export const MINE =
  '{\n  // mine\n  "mcpServers": {\n    "x": { "command": "x" }, // keep\n  },\n  "z": [1,2]\n}\n';

/** Make the home; `files` are written below it. */
export function setUp(files: Record<string, string> = {}): {
  home: TestHome;
  clients: ClientConfigManager;
} {
  const home = makeHome();
  home.write('.config/mcpm/servers.json', JSON.stringify(SERVERS));
  for (const [path, text] of Object.entries(files)) home.write(path, text);
  return { home, clients: new ClientConfigManager(home.ctx) };
}
