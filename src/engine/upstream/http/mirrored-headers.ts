/** What the stateless era mirrors from a message's body into HTTP headers (specification 2026-07-28, Streamable HTTP, "Request Metadata"). */
import { isObject, type Json, type Request } from '../../json-rpc.ts';

/** Where a mirrored argument is found, and the header that carries it. */
export interface MirroredArgument {
  readonly path: readonly string[];
  readonly header: string;
}

/**
 * The member of `params` that becomes `Mcp-Name` (specification 2026-07-28, "Request Metadata"; extension `io.modelcontextprotocol/tasks`,
 * "Routing Headers").
 */
export const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

const MIRRORED_TYPES = new Set(['string', 'integer', 'boolean']);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** `Mcp-Method` and, where the method has one, `Mcp-Name`. */
export function standardHeaders(request: Request): Record<string, string> {
  const name = request.params?.[NAMED_BY[request.method] ?? ''];
  return {
    'mcp-method': request.method,
    ...(typeof name === 'string' && { 'mcp-name': encodeHeader(name) }),
  };
}

/** `Mcp-Param-*` for a call's arguments; absent and `null` ones have none. */
export function argumentHeaders(
  mirrored: readonly MirroredArgument[],
  args: unknown,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { path, header } of mirrored) {
    const value = argumentAt(args, path);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      headers[`mcp-param-${header.toLowerCase()}`] = encodeHeader(String(value));
  }
  return headers;
}

/** The value at an exact path of a call's arguments. */
export function argumentAt(args: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), args);
}

/** A value as a header carries it: plain when it is safe ASCII, else `=?base64?…?=`. */
export function encodeHeader(value: string): string {
  const plain = /^[\x20-\x7e]*$/.test(value) && value === value.trim();
  if (plain && !(value.startsWith('=?base64?') && value.endsWith('?='))) return value;
  return `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

/**
 * The arguments of a tool that its input schema wants mirrored.
 * @returns a sentence saying why the definition is invalid, where it is: such a tool must not be offered.
 */
export function mirroredArguments(inputSchema: unknown): MirroredArgument[] | string {
  const found: MirroredArgument[] = [];
  const problem = collect(inputSchema, [], found) ?? strayAnnotation(inputSchema, found.length);
  if (problem) return problem;
  const headers = new Set(found.map(({ header }) => header.toLowerCase()));
  return headers.size === found.length ? found : 'two x-mcp-header values are the same';
}

/** Follow the chain of `properties`; every annotation on it must be sound. */
function collect(
  schema: unknown,
  path: readonly string[],
  found: MirroredArgument[],
): string | undefined {
  if (!isObject(schema) || !isObject(schema.properties)) return undefined;
  for (const [key, property] of Object.entries(schema.properties)) {
    if (!isObject(property)) continue;
    const here = [...path, key];
    if ('x-mcp-header' in property) {
      const problem = unsound(property);
      if (problem) return `${here.join('.')}: ${problem}`;
      found.push({ path: here, header: property['x-mcp-header'] as string });
    }
    const below = collect(property, here, found);
    if (below) return below;
  }
  return undefined;
}

function unsound(property: Json): string | undefined {
  const header = property['x-mcp-header'];
  if (typeof header !== 'string' || !TOKEN.test(header)) return 'x-mcp-header is no header name';
  if (typeof property.type !== 'string' || !MIRRORED_TYPES.has(property.type))
    return 'x-mcp-header is on something else than a string, an integer or a boolean';
  return undefined;
}

/** An annotation that the chain of `properties` does not reach makes the definition invalid. */
function strayAnnotation(schema: unknown, reached: number): string | undefined {
  return countAnnotations(schema, false) === reached
    ? undefined
    : 'an x-mcp-header is not reachable through properties alone';
}

/** Count the annotations in a schema, wherever they are. Below `properties`, keys are names and not keywords. */
function countAnnotations(value: unknown, names: boolean): number {
  if (Array.isArray(value))
    return value.reduce((sum, item) => sum + countAnnotations(item, false), 0);
  if (!isObject(value)) return 0;
  let count = 0;
  for (const [key, below] of Object.entries(value)) {
    if (!names && key === 'x-mcp-header') count += 1;
    else if (names || !DATA_KEYWORDS.has(key))
      count += countAnnotations(below, !names && NAME_KEYWORDS.has(key));
  }
  return count;
}

/** Keywords whose members are names. */
const NAME_KEYWORDS = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);
/** Keywords that hold data and no schemas. */
const DATA_KEYWORDS = new Set(['default', 'const', 'enum', 'examples']);
