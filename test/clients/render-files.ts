/** Every client's files as text, for a person called ada: what `test/fixtures/clients/files.txt` pins. */
import { CLIENT_KEYS, CLIENTS, filesOf } from '../../src/clients/index.ts';

const PLACES = {
  darwin: { home: '/Users/ada', env: {}, platform: 'darwin', cwd: '/work' },
  win32: { home: 'C:\\Users\\ada', env: {}, platform: 'win32', cwd: 'C:\\work' },
  linux: { home: '/home/ada', env: {}, platform: 'linux', cwd: '/work' },
} as const;

/** One block a client: a line a system, a line for the project. */
export function renderFiles(): string {
  return CLIENT_KEYS.map((key) => {
    const lines = Object.entries(PLACES).map(
      ([os, place]) => `  ${os.padEnd(8)}${listed(filesOf(CLIENTS[key], 'user', place))}`,
    );
    const project = filesOf(CLIENTS[key], 'project', PLACES.linux);
    return `${[key, ...lines, `  project ${listed(project)}`].join('\n')}\n`;
  }).join('');
}

function listed(paths: readonly string[]): string {
  return paths.length === 0 ? '-' : paths.join(' | ');
}
