/** Requests that are handled in the same way for one server and for several. */
import { frameOf } from '../frames/frame.ts';
import { isObject, RPC } from '../json-rpc.ts';
import { type Handling, type Method, refuse, reply } from './handling.ts';
import type { Link } from './link.ts';
import { ListenStream } from './listen-stream.ts';
import { isLevel } from './logging.ts';
import { discoverResult } from './opening.ts';
import { ACKNOWLEDGE_MS } from './upkeep.ts';
import { withinLimit } from './within-limit.ts';

/** Rows by method; old era. */
export const COMMON_LEGACY: Readonly<Record<string, Method>> = {
  ping: (handling) => reply(handling, {}),
  'logging/setLevel': setLevel,
  'resources/subscribe': (handling) => subscription(handling, 'subscribe'),
  'resources/unsubscribe': (handling) => subscription(handling, 'unsubscribe'),
};

/** Rows by method; new era, where the servers do not answer themselves. */
export const COMMON_MODERN: Readonly<Record<string, Method>> = {
  'server/discover': async (handling) => {
    const { router, party } = handling;
    reply(handling, discoverResult(await router.opened(party), router.identity));
  },
  'subscriptions/listen': listen,
};

/** The most talkative of a server's clients decides; the server's own refusal is passed on when it is the only one. */
async function setLevel(handling: Handling): Promise<void> {
  const { router, party, params } = handling;
  const { level } = params;
  if (!isLevel(level) && router.many) {
    refuse(handling, RPC.INVALID_PARAMS, `Unknown log level: ${String(level)}`);
    return;
  }
  party.logLevel = String(level);
  const able = (await router.readyLinks(party)).filter(
    (link) => !router.many || link.opening?.capabilities['logging'] !== undefined,
  );
  const answers = await Promise.all(able.map((link) => router.upkeep(link).setLevel(party)));
  const [only] = answers;
  if (!router.many && only) handling.call.done(frameOf(only));
  else reply(handling, {});
}

async function subscription(handling: Handling, what: 'subscribe' | 'unsubscribe'): Promise<void> {
  const { router, party, params } = handling;
  const target = router.resource(String(params['uri']));
  if (!target) {
    refuse(handling, RPC.RESOURCE_NOT_FOUND, `Resource not found: ${String(params['uri'])}`);
    return;
  }
  const link = router.link(party, target.server);
  await link.ready();
  const answer = await router.upkeep(link)[what](party, target.uri);
  if (answer) handling.call.done(frameOf(answer));
  else reply(handling, {});
}

/** Specification 2026-07-28, "Subscriptions". */
async function listen(handling: Handling): Promise<void> {
  const { router, party, params, call } = handling;
  await router.readyLinks(party);
  const filter = isObject(params['notifications']) ? params['notifications'] : {};
  const stream = new ListenStream(call, filter, router);
  call.cancel = () => void router.detach(stream);
  router.streams.add(stream);
  const begun: Promise<unknown>[] = [];
  // Those that come up later as well: their lists change then.
  for (const link of router.links(party)) {
    link.parties.add(stream);
    if (link.era === 'modern') router.upkeep(link).listen();
  }
  const from = (server: string, use: (link: Link) => Promise<unknown>) => {
    const link = router.link(party, server);
    if (link.opening) begun.push(use(link));
    else
      link.ready().then(
        () => use(link),
        () => undefined,
      );
  };
  for (const id of stream.taskIds) {
    const target = router.task(id);
    if (target) from(target.server, (link) => router.upkeep(link).watch(stream, target.taskId));
  }
  for (const uri of stream.uris) {
    const target = router.resource(uri);
    if (target) from(target.server, (link) => router.upkeep(link).subscribe(stream, target.uri));
  }
  // What happens after the acknowledgement is told.
  await withinLimit(Promise.allSettled(begun), ACKNOWLEDGE_MS);
  if (router.streams.has(stream)) stream.acknowledge();
}
