/** A client of the new era that listens: one `subscriptions/listen` request that stays open. */
import { META, paramsOf, withMeta } from '../eras/era.ts';
import { type Frame, frameOf } from '../frames/frame.ts';
import {
  errorOf,
  isObject,
  type Json,
  type Notification,
  notificationOf,
  type RequestId,
  RPC,
  resultOf,
} from '../json-rpc.ts';
import type { Link } from './link.ts';
import type { Ask, Call, Party } from './party.ts';
import type { Router } from './router.ts';

/** Notification → the field of the filter that asks for it, and the capability it takes. */
const FILTERS: Readonly<Record<string, readonly [field: string, capability: string]>> = {
  'notifications/tools/list_changed': ['toolsListChanged', 'tools'],
  'notifications/prompts/list_changed': ['promptsListChanged', 'prompts'],
  'notifications/resources/list_changed': ['resourcesListChanged', 'resources'],
};

/** Notifications for what was asked for by name. */
const PER_ITEM = new Set(['notifications/resources/updated', 'notifications/tasks']);

/** The extension by which tools answer with tasks. */
const TASKS = 'io.modelcontextprotocol/tasks';

/** See above. */
export class ListenStream implements Party {
  readonly id: string;
  readonly profile: Party['profile'];
  readonly reachable = true;
  readonly logLevel = undefined;
  readonly open = new Map<RequestId, Call>();
  readonly uris: readonly string[];
  readonly taskIds: readonly string[];
  readonly #call: Call;
  readonly #agreed: Json;
  /** What there is to tell before the stream is acknowledged. */
  #early: Notification[] | undefined = [];

  constructor(call: Call, filter: Json, router: Router) {
    this.id = call.party.id;
    this.profile = call.party.profile;
    this.#call = call;
    this.#agreed = agree(filter, call.party, router);
    const { resourceSubscriptions: uris = [], taskIds = [] } = this.#agreed;
    this.uris = uris as string[];
    this.taskIds = taskIds as string[];
  }

  /** Must be the first message of the stream. */
  acknowledge(): void {
    const params = { notifications: this.#agreed };
    this.#send(notificationOf('notifications/subscriptions/acknowledged', params));
    for (const notice of this.#early ?? []) this.#send(notice);
    this.#early = undefined;
  }

  notify(frame: Frame): void {
    const { method } = frame.message as Notification;
    const row = FILTERS[method];
    const wanted = row ? this.#agreed[row[0]] === true : PER_ITEM.has(method);
    if (!wanted) return;
    if (this.#early) this.#early.push(frame.message as Notification);
    else this.#send(frame.message as Notification);
  }

  /** Nobody is asked outside of a call in the new era. */
  ask(ask: Ask): () => void {
    ask.answer(errorOf(0, RPC.METHOD_NOT_FOUND, 'a subscription cannot be asked'));
    return () => {};
  }

  /** We end it: a result says so. */
  end(): void {
    const _meta = { [META.subscription]: this.#call.id };
    this.#call.done(frameOf(resultOf(0, { resultType: 'complete', _meta })));
  }

  #send(message: Notification): void {
    const params = withMeta(paramsOf(message), { [META.subscription]: this.#call.id });
    this.#call.party.notify(frameOf({ ...message, params }), this.#call);
  }
}

/** The part of a filter that the servers can honour. One that is not up may turn out to have everything. */
function agree(filter: Json, party: Party, router: Router): Json {
  const links = router.links(party);
  const capability = (link: Link | undefined, kind: string, what: string): unknown => {
    const found = link?.opening?.capabilities[kind];
    return link && !link.opening ? true : isObject(found) && found[what];
  };
  const agreed: Json = {};
  for (const [field, kind] of Object.values(FILTERS)) {
    // A list of several servers can always change.
    const able = links.some((link) => capability(link, kind, 'listChanged') ?? router.many);
    if (filter[field] === true && able) agreed[field] = true;
  }
  const { resourceSubscriptions: uris, taskIds } = filter;
  if (Array.isArray(uris)) {
    const able = uris.filter((uri) => {
      const server = typeof uri === 'string' ? router.resource(uri)?.server : undefined;
      const link = links.find(({ name }) => name === server);
      return capability(link, 'resources', 'subscribe') === true;
    });
    if (able.length > 0) agreed['resourceSubscriptions'] = able;
  }
  if (Array.isArray(taskIds) && router.many) {
    const able = taskIds.filter((id) => {
      const link = links.find(({ name }) => name === router.task(id)?.server);
      return Boolean(capability(link, 'extensions', TASKS));
    });
    if (able.length > 0) agreed['taskIds'] = able;
  }
  return agreed;
}
