/** What a scope lets through, by what tools say of themselves. */
import type { Scope } from './token-store.ts';

/** What is looked at of a tool (MCP `Tool`). */
export interface ToolFacts {
  readonly name: string;
  readonly annotations?: { readonly readOnlyHint?: unknown };
}

/** Whether a scope limits what may be asked. (Servers are another matter: those that are out of reach are not even started.) */
export function isLimited(scope: Scope): boolean {
  return scope.readOnly === true || scope.tools !== undefined;
}

/** Whether a tool's name is within the scope's globs (`*` any characters, `?` one). */
function allowsName(scope: Scope, name: string): boolean {
  return scope.tools === undefined || scope.tools.some((glob) => globToRegExp(glob).test(name));
}

/**
 * Whether a scope lets a tool be seen and called. Under `--read-only` a tool that does not say that it only reads is one that writes
 * (MCP: `readOnlyHint` defaults to false).
 */
export function allowsTool(scope: Scope, tool: ToolFacts): boolean {
  if (!allowsName(scope, tool.name)) return false;
  return scope.readOnly !== true || tool.annotations?.readOnlyHint === true;
}

/** A scope in words. */
export function describeScope(scope: Scope): string {
  const parts = [
    scope.readOnly ? 'read-only' : '',
    scope.tools ? `tools ${scope.tools.join(', ')}` : '',
    scope.servers ? `servers ${scope.servers.join(', ')}` : '',
  ];
  return parts.filter(Boolean).join('; ') || 'everything';
}

const compiled = new Map<string, RegExp>();

function globToRegExp(glob: string): RegExp {
  const known = compiled.get(glob);
  if (known) return known;
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const pattern = new RegExp(`^${source}$`, 's');
  compiled.set(glob, pattern);
  return pattern;
}
