/** What this machine goes by in its network. */
import { hostname, networkInterfaces } from 'node:os';

/** Its addresses (IPv4 first, without loopback and link-local ones) and its name. */
export function ownNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ address, internal }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address)
    .sort((one, other) => Number(one.includes(':')) - Number(other.includes(':')));
  return [...addresses, hostname()];
}
