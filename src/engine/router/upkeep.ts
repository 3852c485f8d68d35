/** What a link must be told of its clients as they come and go: subscriptions, the log level, and the standing stream of the new era. */
import { envelopeOf, META, metaOf, paramsOf } from '../eras/era.ts';
import { type Frame, frameOf } from '../frames/frame.ts';
import { isObject, type Json, type Message, type RequestId, type Response } from '../json-rpc.ts';
import { Backoff } from '../restart.ts';
import type { EngineSettings } from '../settings.ts';
import type { Link } from './link.ts';
import { isBelow, neededLevel } from './logging.ts';
import type { Party } from './party.ts';
import { Subscriptions } from './subscriptions.ts';
import { withinLimit } from './within-limit.ts';

/** A server of the new era that does not acknowledge a subscription within this time, in milliseconds, is not waited for. */
export const ACKNOWLEDGE_MS = 2_000;

/** Keeps one link in tune with its parties. */
export class Upkeep {
  readonly subscriptions: Subscriptions = new Subscriptions();
  /** Tasks of the new era's extension that parties listen to. */
  readonly tasks: Subscriptions = new Subscriptions();
  readonly #link: Link;
  readonly #backoff: Backoff;
  /** The level the server was last set to. */
  #level: string | undefined;
  #stream: { readonly id: RequestId; readonly filter: string; acknowledged: boolean } | undefined;
  /** Told once the server listens to what it was asked to. */
  #waiting: (() => void)[] = [];
  #due = false;

  constructor(link: Link, settings: EngineSettings) {
    this.#link = link;
    this.#backoff = new Backoff(settings);
  }

  /** The server is up again and knows nothing. */
  restore(): void {
    this.#stream = undefined;
    const level = this.#level;
    this.#level = undefined;
    if (this.#link.era === 'modern') {
      this.listen();
      return;
    }
    if (level !== undefined) void this.setLevel();
    for (const uri of this.subscriptions.uris())
      void this.#link.query('resources/subscribe', { uri });
  }

  /** Tell the server the level that its parties need together; undefined when it knows. */
  async setLevel(also?: Party): Promise<Response | undefined> {
    const level = neededLevel(also ? [...this.#link.parties, also] : this.#link.parties);
    if (level === undefined || level === this.#level || this.#link.era === 'modern')
      return undefined;
    this.#level = level;
    const answer = await this.#link.query('logging/setLevel', { level });
    if (answer.error && this.#level === level) this.#level = undefined;
    return answer;
  }

  /**
   * A request of the new era wants log messages of a level: a server of the old one, which has one level for all, is told of a lower one
   * first. Undefined when there is nothing to wait for. Never rejects.
   */
  levelFor(party: Party): Promise<unknown> | undefined {
    const { profile, logLevel: level } = party;
    if (profile.era === 'legacy' || level === undefined) return undefined;
    const { opening } = this.#link;
    if (!opening)
      return this.#link.ready().then(
        () => this.levelFor(party),
        () => undefined,
      );
    if (opening.era === 'modern' || opening.capabilities['logging'] === undefined) return undefined;
    if (this.#level !== undefined && !isBelow(level, this.#level)) return undefined;
    this.#level = level;
    return this.#link.query('logging/setLevel', { level });
  }

  /** A party listens to a task. */
  async watch(party: Party, taskId: string): Promise<void> {
    if (this.tasks.add(party, taskId)) await this.#listening();
  }

  /** A party listens to a URI. Undefined when the server knows already. */
  async subscribe(party: Party, uri: string): Promise<Response | undefined> {
    if (!this.subscriptions.add(party, uri)) return undefined;
    if (this.#link.era === 'modern') {
      await this.#listening();
      return undefined;
    }
    const answer = await this.#link.query('resources/subscribe', { uri });
    if (answer.error) this.subscriptions.remove(party, uri);
    return answer;
  }

  async unsubscribe(party: Party, uri: string): Promise<Response | undefined> {
    if (!this.subscriptions.remove(party, uri)) return undefined;
    return this.#forget(uri);
  }

  /** A party is gone. */
  leave(party: Party): void {
    for (const uri of this.subscriptions.drop(party)) void this.#forget(uri);
    this.tasks.drop(party);
    if (this.#link.era === 'modern') this.listen();
  }

  /** Keep one `subscriptions/listen` stream of a server of the new era for all parties; changes of one turn of the event loop are one. */
  listen(): void {
    if (this.#due) return;
    this.#due = true;
    setImmediate(() => {
      this.#due = false;
      this.#listen();
    });
  }

  /** Listen, and wait until the server says that it does: what happens from then on is heard. */
  #listening(): Promise<void> {
    const acknowledged = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.listen();
    return withinLimit(acknowledged, ACKNOWLEDGE_MS);
  }

  /** The server listens to what a stream was opened for. */
  acknowledged(id: unknown): void {
    if (!this.#stream || this.#stream.id !== id) return;
    this.#stream.acknowledged = true;
    if (!this.#due) this.#settle();
  }

  #settle(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #listen(): void {
    const { opening, parties, profile } = this.#link;
    if (opening?.era !== 'modern') return;
    const notifications = this.#filter(opening.capabilities, parties.size > 0);
    const filter = JSON.stringify(notifications);
    if (filter === (this.#stream?.filter ?? '{}')) {
      if (this.#stream?.acknowledged !== false) this.#settle();
      return;
    }
    const old = this.#stream;
    this.#stream = undefined;
    if (filter !== '{}') {
      // Whoever listens to a task has said that it knows tasks, which the server wants to hear.
      const { id, ended } = this.#link.stream('subscriptions/listen', {
        notifications,
        _meta: envelopeOf(this.tasks.someone()?.profile ?? profile),
      });
      this.#stream = { id, filter, acknowledged: false };
      this.#backoff.up();
      void ended.then((answer) => this.#ended(id, answer));
    }
    if (old) this.#link.say('notifications/cancelled', { requestId: old.id });
  }

  /** A stream is over. One that we did not end ourselves, and that was not refused, is opened again. */
  #ended(id: RequestId, answer: Response | undefined): void {
    if (this.#stream?.id !== id) return;
    this.#stream = undefined;
    this.#settle();
    if (this.#link.opening && !answer?.error)
      setTimeout(() => this.listen(), this.#backoff.down()).unref();
  }

  #filter(capabilities: Json, wanted: boolean): Json {
    const changes = (kind: string) => {
      const capability = capabilities[kind];
      return wanted && isObject(capability) && capability['listChanged'] === true;
    };
    const uris = this.subscriptions.uris();
    const taskIds = this.tasks.uris();
    return {
      ...(changes('tools') && { toolsListChanged: true }),
      ...(changes('prompts') && { promptsListChanged: true }),
      ...(changes('resources') && { resourcesListChanged: true }),
      ...(uris.length > 0 && { resourceSubscriptions: uris }),
      ...(taskIds.length > 0 && { taskIds }),
    };
  }

  async #forget(uri: string): Promise<Response | undefined> {
    if (this.#link.era === 'modern') {
      this.listen();
      return undefined;
    }
    return this.#link.query('resources/unsubscribe', { uri });
  }
}

/** A notification without the id of our own stream that it came on. */
export function withoutStreamId(frame: Frame): Frame {
  const params = paramsOf(frame.message);
  const meta = metaOf(params);
  if (!params || !meta || !(META.subscription in meta)) return frame;
  const { [META.subscription]: _, ...rest } = meta;
  const { _meta, ...others } = params;
  const own = Object.keys(rest).length > 0 ? { ...others, _meta: rest } : others;
  return frameOf({ ...frame.message, params: own } as Message);
}
