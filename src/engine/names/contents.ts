/** URIs inside results: resource links, embedded resources, contents that were read, and what tools refer to. */
import { isObject, type Json } from '../json-rpc.ts';

type MapUri = (uri: string) => string;

/** A result of `tools/call`, its URIs mapped; the same object when it has none. */
export function mapToolResult(result: Json, map: MapUri): Json {
  return mapList(result, 'content', (block) => mapBlock(block, map));
}

/** A result of `prompts/get`. */
export function mapPromptResult(result: Json, map: MapUri): Json {
  return mapList(result, 'messages', (message) => {
    const { content } = message;
    if (Array.isArray(content)) return mapList(message, 'content', (block) => mapBlock(block, map));
    if (!isObject(content)) return message;
    const mapped = mapBlock(content, map);
    return mapped === content ? message : { ...message, content: mapped };
  });
}

/** A result of `resources/read`. */
export function mapReadResult(result: Json, map: MapUri): Json {
  return mapList(result, 'contents', (content) => withUri(content, map));
}

/** A tool as it is listed: what its `_meta` names as the resource of its user interface (MCP Apps). */
export function mapTool(tool: Json, map: MapUri): Json {
  const meta = tool['_meta'];
  if (!isObject(meta)) return tool;
  const { ui, 'ui/resourceUri': flat } = meta;
  const changed: Json = {};
  if (isObject(ui) && typeof ui['resourceUri'] === 'string') {
    changed['ui'] = { ...ui, resourceUri: map(ui['resourceUri']) };
  }
  if (typeof flat === 'string') changed['ui/resourceUri'] = map(flat);
  return Object.keys(changed).length > 0 ? { ...tool, _meta: { ...meta, ...changed } } : tool;
}

/** An object whose `uri` is mapped. */
function withUri(holder: Json, map: MapUri): Json {
  const { uri } = holder;
  return typeof uri === 'string' ? { ...holder, uri: map(uri) } : holder;
}

function mapBlock(block: Json, map: MapUri): Json {
  if (block['type'] === 'resource_link') return withUri(block, map);
  const { resource } = block;
  if (block['type'] !== 'resource' || !isObject(resource)) return block;
  return { ...block, resource: withUri(resource, map) };
}

function mapList(holder: Json, key: string, map: (item: Json) => Json): Json {
  const list = holder[key];
  if (!Array.isArray(list)) return holder;
  let changed = false;
  const mapped = list.map((item: unknown) => {
    const after = isObject(item) ? map(item) : item;
    changed ||= after !== item;
    return after;
  });
  return changed ? { ...holder, [key]: mapped } : holder;
}
