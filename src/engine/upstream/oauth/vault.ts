/** Clients and tokens in the store of secrets, by issuer: what one authorization server gave is never shown to another. */
import { createHash } from 'node:crypto';
import type { Context } from '../../../context.ts';
import { openSecrets, readSecret, type SecretStore } from '../../../secrets/index.ts';
import type { Grant, StoredClient } from './types.ts';

/** The part of the store that belongs to one remote server. */
export class Vault {
  readonly #ctx: Context;
  readonly #url: string;
  #store: Promise<SecretStore> | undefined;

  /** @param url the server's URL. */
  constructor(ctx: Context, url: string) {
    this.#ctx = ctx;
    this.#url = url;
  }

  /** The tokens for this server, if there are any. */
  async grant(): Promise<Grant | undefined> {
    const issuer = await this.#read<string>(this.#serverKey());
    return issuer === undefined ? undefined : this.#read<Grant>(this.#grantKey(issuer));
  }

  /** Keep tokens; those of the server's earlier issuer are dropped. */
  async saveGrant(grant: Grant): Promise<void> {
    const earlier = await this.#read<string>(this.#serverKey());
    if (earlier !== undefined && earlier !== grant.issuer) await this.forgetGrant();
    await this.#write(this.#grantKey(grant.issuer), grant);
    await this.#write(this.#serverKey(), grant.issuer);
  }

  /** Drop this server's tokens; says whether there were any. */
  async forgetGrant(): Promise<boolean> {
    const issuer = await this.#read<string>(this.#serverKey());
    if (issuer === undefined) return false;
    const store = await this.#open();
    await store.delete(this.#grantKey(issuer));
    return store.delete(this.#serverKey());
  }

  client(issuer: string): Promise<StoredClient | undefined> {
    return this.#read<StoredClient>(clientKey(issuer));
  }

  saveClient(client: StoredClient): Promise<void> {
    return this.#write(clientKey(client.issuer), client);
  }

  async forgetClient(issuer: string): Promise<void> {
    await (await this.#open()).delete(clientKey(issuer));
  }

  #open(): Promise<SecretStore> {
    this.#store ??= openSecrets(this.#ctx);
    return this.#store;
  }

  async #read<T>(key: string): Promise<T | undefined> {
    const text = await readSecret(this.#ctx, key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  async #write(key: string, value: unknown): Promise<void> {
    await (await this.#open()).set(key, JSON.stringify(value));
  }

  #serverKey(): string {
    return `oauth/server/${nameOf(this.#url)}`;
  }

  #grantKey(issuer: string): string {
    return `oauth/tokens/${nameOf(issuer, this.#url)}`;
  }
}

function clientKey(issuer: string): string {
  return `oauth/client/${nameOf(issuer)}`;
}

/** A name for a list of secrets: the first URL's host for people, a hash of all for machines. */
export function nameOf(...urls: readonly string[]): string {
  const hash = createHash('sha256').update(urls.join('\n')).digest('hex').slice(0, 24);
  const host = URL.canParse(urls[0] ?? '') ? new URL(urls[0] ?? '').hostname : '';
  return `${host.replaceAll(/[^A-Za-z0-9.-]/g, '_').slice(0, 100)}/${hash}`;
}
