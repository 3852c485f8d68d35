/** The secrets of a server that references can stand for: in variables, in headers, in the query of an address. Pure. */
import { isRemote, isStdio, type Server } from '../config/index.ts';
import { isSecretName, isSecretValue, secretsInQuery } from '../platform/redact.ts';

/** The variables or headers of a server. */
export function valuesOf(server: Server): Readonly<Record<string, string>> {
  if (isStdio(server)) return server.env;
  return isRemote(server) ? server.headers : {};
}

/** The secrets that a server holds openly: name → value, that of a query with a `?` before its name. */
export function openSecretsOf(server: Server): Readonly<Record<string, string>> {
  const named = Object.entries(valuesOf(server)).filter(([name, value]) => {
    const open = value !== '' && !value.includes('${');
    return open && (isSecretName(name) || isSecretValue(value));
  });
  const query = isRemote(server) ? secretsInQuery(server.url) : [];
  return Object.fromEntries([...named, ...query.map(([name, value]) => [`?${name}`, value])]);
}

/** The server with references in the place of its open secrets. */
export function withReferences(server: Server, referenceTo: (name: string) => string): Server {
  const secrets = openSecretsOf(server);
  const record = Object.fromEntries(
    Object.entries(valuesOf(server)).map(([key, value]) => [
      key,
      key in secrets ? referenceTo(key) : value,
    ]),
  );
  if (isStdio(server)) return { ...server, env: record };
  if (!isRemote(server)) return server;
  const url = secretsInQuery(server.url).reduce(
    (text, [name, value]) =>
      text.replace(`${name}=${value}`, () => `${name}=${referenceTo(`?${name}`)}`),
    server.url,
  );
  return { ...server, url, headers: record };
}

/** Whether a text of ours says what another says; a reference to a secret stands for any value. */
export function saysSame(ours: string | undefined, theirs: string | undefined): boolean {
  if (ours === theirs) return true;
  if (ours === undefined || theirs === undefined) return false;
  const parts = ours.split(/\$\{secret:[^}]*\}/);
  const pattern = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+');
  return parts.length > 1 && new RegExp(`^${pattern}$`, 's').test(theirs);
}
