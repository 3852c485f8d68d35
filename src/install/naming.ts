/** What a server is called here when the person gives no name. */
import type { Manifest } from '../registry/index.ts';

/** Last parts of names that say nothing by themselves. */
const GENERIC = /^(mcp|server|mcp-?server|server-?mcp|mcp-?remote|api|remote)$/i;

/**
 * A name for `servers.json`: that of the manifest without its namespace (`io.github.acme/files` → `files`), with the owner in front when
 * the rest is generic (`@acme/mcp` → `acme-mcp`).
 */
export function localName(manifest: Manifest): string {
  const [last = '', owner] = manifest.name.split('/').reverse();
  const plain = tidy(last);
  if (owner === undefined || !GENERIC.test(plain)) return plain;
  return tidy(`${owner.split('.').at(-1)}-${plain}`);
}

function tidy(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/\.{2,}/g, '.')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100) || 'server'
  );
}
