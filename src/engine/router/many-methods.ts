/** What is done with each request when several servers are joined. */
import { type Frame, frameOf } from '../frames/frame.ts';
import { withParam } from '../frames/splice.ts';
import { isObject, type Json, type Response, RPC, resultOf } from '../json-rpc.ts';
import { mapPromptResult, mapReadResult } from '../names/contents.ts';
import { looksShortened, type Origin } from '../names/tool-names.ts';
import { exposeUri } from '../names/uris.ts';
import { type Handling, type Method, refuse, unknownMethod, withParams } from './handling.ts';
import { joinedList, LISTS } from './lists.ts';
import { Call } from './party.ts';
import { exposeToolResult } from './tasks.ts';

type MapResult = (result: Json, server: string) => Json;

const MAP_TOOL: MapResult = (result, server) => exposeToolResult(server, result);
const MAP_PROMPT: MapResult = (result, server) =>
  mapPromptResult(result, (uri) => exposeUri(server, uri));
const MAP_READ: MapResult = (result, server) =>
  mapReadResult(result, (uri) => exposeUri(server, uri));

/** Rows by method; `*` is everything else. */
export const MANY: Readonly<Record<string, Method>> = {
  ...Object.fromEntries(
    Object.entries(LISTS).map(([method, row]) => [method, joinedList(method, row)]),
  ),
  'tools/call': (handling) => callNamed(handling, 'tools/list', MAP_TOOL),
  'prompts/get': (handling) => callNamed(handling, 'prompts/list', MAP_PROMPT),
  'resources/read': readResource,
  'completion/complete': complete,
  'tasks/get': taskMethod,
  'tasks/result': taskMethod,
  'tasks/cancel': taskMethod,
  'tasks/update': taskMethod,
  '*': unknownMethod,
};

function callNamed(handling: Handling, list: string, map: MapResult): void | Promise<void> {
  const name = String(handling.params['name']);
  return withOrigin(handling, name, list, (origin) => {
    if (origin)
      passOn(handling, origin.server, withParam(handling.frame, 'name', origin.name), map);
    else {
      const kind = list === 'tools/list' ? 'tool' : 'prompt';
      refuse(handling, RPC.INVALID_PARAMS, `Unknown ${kind}: ${name}`);
    }
  });
}

/** Find out whose a name is, at once where possible: a shortened name means nothing before its list was made once. */
function withOrigin(
  handling: Handling,
  name: string,
  list: string,
  use: (origin: Origin | undefined) => void,
): void | Promise<void> {
  const { names } = handling.router;
  if (names.isKnown(name) || !looksShortened(name)) use(names.resolve(name));
  else return listAll(handling, list).then(() => use(names.resolve(name)));
}

/** Go through all pages of a list, for the names alone. */
async function listAll(handling: Handling, list: string): Promise<void> {
  let cursor: unknown;
  do {
    const answer = await new Promise<Response>((resolve) => {
      const done = (frame: Frame) => resolve(frame.message as Response);
      const call = new Call({ ...handling.call, done });
      const params = cursor === undefined ? {} : { cursor };
      void MANY[list]?.({ ...handling, call, params });
    });
    cursor = answer.result?.['nextCursor'];
  } while (cursor !== undefined);
}

function readResource(handling: Handling): void {
  const { router, frame, params, party } = handling;
  const target = router.resource(String(params['uri']));
  if (target) {
    passOn(handling, target.server, withParam(frame, 'uri', target.uri), MAP_READ);
    return;
  }
  const code = party.profile.era === 'modern' ? RPC.INVALID_PARAMS : RPC.RESOURCE_NOT_FOUND;
  refuse(handling, code, `Resource not found: ${String(params['uri'])}`, { uri: params['uri'] });
}

function complete(handling: Handling): void | Promise<void> {
  const { router, frame, params } = handling;
  const ref = isObject(params['ref']) ? params['ref'] : {};
  const withRef = (changed: Json) => withParams(frame, { ...params, ref: { ...ref, ...changed } });
  const { uri, name } = ref;
  if (typeof uri === 'string') {
    const target = router.resource(uri);
    if (target) passOn(handling, target.server, withRef({ uri: target.uri }));
    else refuse(handling, RPC.INVALID_PARAMS, `Unknown resource: ${uri}`);
    return;
  }
  return withOrigin(handling, String(name), 'prompts/list', (origin) => {
    if (origin) passOn(handling, origin.server, withRef({ name: origin.name }));
    else refuse(handling, RPC.INVALID_PARAMS, `Unknown prompt: ${String(name)}`);
  });
}

function taskMethod(handling: Handling): void {
  const { router, frame, params } = handling;
  const target = router.task(params['taskId']);
  if (!target) {
    refuse(handling, RPC.INVALID_PARAMS, `Unknown task: ${String(params['taskId'])}`);
    return;
  }
  passOn(handling, target.server, withParam(frame, 'taskId', target.taskId), MAP_TOOL);
}

/** Send it to its server; map what comes back. */
function passOn(handling: Handling, server: string, own: Frame, map?: MapResult): void {
  const { router, call } = handling;
  if (!map) {
    router.to(server, own, call);
    return;
  }
  const mapped = call.through((answer) => call.done(mapAnswer(answer, server, map)));
  router.to(server, own, mapped);
}

/** A large answer is only opened when it can hold something to map. */
function mapAnswer(answer: Frame, server: string, map: MapResult): Frame {
  if (answer.head && !MAPPABLE.some((text) => answer.bytes?.includes(text))) return answer;
  const message = answer.message as Response;
  if (!message.result) return answer;
  const result = map(message.result, server);
  return result === message.result ? answer : frameOf(resultOf(message.id, result));
}

const MAPPABLE = ['"resource', '"contents"', '"taskId"'];
