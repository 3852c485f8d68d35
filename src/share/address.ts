/** An address as everyone writes it: an IPv4 one without the prefix that a socket for both kinds gives it. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/, '');
}
