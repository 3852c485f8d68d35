/** Which servers refer to which secrets. */
import type { Server } from '../config/index.ts';
import { secretsIn } from '../secrets/index.ts';

/** Secret name → the servers whose entry refers to it. */
export function usersOfSecrets(
  servers: Readonly<Record<string, Server>>,
): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const [server, entry] of Object.entries(servers)) {
    for (const name of new Set(secretsIn(JSON.stringify(entry)))) {
      users.set(name, [...(users.get(name) ?? []), server]);
    }
  }
  return users;
}
