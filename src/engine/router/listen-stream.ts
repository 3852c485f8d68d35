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

/** Notification → the field of the filter that asks for it, and the capability it takes. */
const FILTERS: Readonly<Record<string, readonly [field: string, capability: string]>> = {
  'notifications/tools/list_changed': ['toolsListChanged', 'tools'],
  'notifications/prompts/list_changed': ['promptsListChanged', 'prompts'],
  'notifications/resources/list_changed': ['resourcesListChanged', 'resources'],
};

/** See above. */
export class ListenStream implements Party {
  readonly id: string;
  readonly profile: Party['profile'];
  readonly reachable = true;
  readonly logLevel = undefined;
  readonly open = new Map<RequestId, Call>();
  readonly uris: readonly string[];
  readonly #call: Call;
  readonly #agreed: Json;

  constructor(call: Call, filter: Json, links: readonly Link[]) {
    this.id = call.party.id;
    this.profile = call.party.profile;
    this.#call = call;
    this.#agreed = agree(filter, links);
    const { resourceSubscriptions: uris } = this.#agreed;
    this.uris = Array.isArray(uris) ? uris.map(String) : [];
  }

  /** Must be the first message of the stream. */
  acknowledge(): void {
    const params = { notifications: this.#agreed };
    this.#send(notificationOf('notifications/subscriptions/acknowledged', params));
  }

  notify(frame: Frame): void {
    const { method } = frame.message as Notification;
    const row = FILTERS[method];
    const wanted = row
      ? this.#agreed[row[0]] === true
      : method === 'notifications/resources/updated';
    if (wanted) this.#send(frame.message as Notification);
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

/** The part of a filter that the servers can honour. */
function agree(filter: Json, links: readonly Link[]): Json {
  const able = (kind: string, what: string) =>
    links.some(({ opening }) => {
      const capability = opening?.capabilities[kind];
      return isObject(capability) && (capability[what] === true || links.length > 1);
    });
  const agreed: Json = {};
  for (const [field, capability] of Object.values(FILTERS)) {
    if (filter[field] === true && able(capability, 'listChanged')) agreed[field] = true;
  }
  const { resourceSubscriptions: uris } = filter;
  if (Array.isArray(uris) && able('resources', 'subscribe')) {
    agreed['resourceSubscriptions'] = uris.filter((uri) => typeof uri === 'string');
  }
  return agreed;
}
