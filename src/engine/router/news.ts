/** What servers say that is not an answer: to the clients it concerns, with names as those know them. */
import { META, metaOf, paramsOf } from '../eras/era.ts';
import { type Frame, frameOf, headOf } from '../frames/frame.ts';
import { type Json, notificationOf } from '../json-rpc.ts';
import { exposeUri } from '../names/uris.ts';
import type { Link, LinkEvents } from './link.ts';
import { forgetLists } from './lists.ts';
import { wants } from './logging.ts';
import type { Call, Party } from './party.ts';
import type { Router } from './router.ts';
import { exposeRelated, exposeTask, resolveRelated } from './tasks.ts';
import { withoutStreamId } from './upkeep.ts';

type Teller = (news: News, link: Link, frame: Frame, during: Call | undefined) => void;

/** Rows by method; anything else goes to everyone. */
const TELL: Readonly<Record<string, Teller>> = {
  'notifications/message': (news, link, frame, during) => news.log(link, frame, during),
  'notifications/resources/updated': (news, link, frame) => news.updated(link, frame),
  'notifications/tools/list_changed': (news, link, frame) => news.changed(link, frame),
  'notifications/prompts/list_changed': (news, link, frame) => news.changed(link, frame),
  'notifications/resources/list_changed': (news, link, frame) => news.changed(link, frame),
  'notifications/elicitation/complete': (news, link, frame) => news.elicited(link, frame),
  'notifications/tasks/status': (news, link, frame) => news.taskStatus(link, frame),
  'notifications/tasks': (news, link, frame) => news.task(link, frame),
};

const LISTS = ['tools', 'prompts', 'resources'] as const;

/** See above. */
export class News implements LinkEvents {
  readonly #router: Router;
  /** Changes of lists that are about to be told: several within a moment are one. */
  readonly #due = new Map<string, Set<Party>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(router: Router) {
    this.#router = router;
  }

  onNotification(link: Link, frame: Frame, during: Call | undefined): void {
    if (headOf(frame).method === 'notifications/subscriptions/acknowledged') {
      // What changed before was not told.
      forgetLists(link);
      const stream = metaOf(paramsOf(frame.message))?.[META.subscription];
      this.#router.upkeep(link).acknowledged(stream);
      return;
    }
    const plain = withoutStreamId(frame);
    const params = paramsOf(plain.message);
    const named = this.outward(link, params);
    const own = named === params || !named ? plain : this.#withParams(plain, named);
    const teller = TELL[headOf(own).method ?? ''];
    if (teller) teller(this, link, own, during);
    else if (during) during.party.notify(own, during);
    else this.#tellAll(link, own);
  }

  /** A server that comes up late, or goes down, changes the lists. */
  onState(link: Link, up: boolean): void {
    forgetLists(link);
    if (up) this.#router.upkeep(link).restore();
    if (!this.#router.many || link.parties.size === 0) return;
    for (const kind of LISTS) this.#soon(`notifications/${kind}/list_changed`, link);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Levels are per client. With several servers, the logger is named after the one that speaks. */
  log(link: Link, frame: Frame, during: Call | undefined): void {
    const params = paramsOf(frame.message) ?? {};
    const { level, logger } = params;
    const named = typeof logger === 'string' ? `${link.name}/${logger}` : link.name;
    const told = this.#router.many
      ? frameOf(notificationOf('notifications/message', { ...params, logger: named }))
      : frame;
    if (during) {
      const silent = during.party.profile.era === 'modern' && during.party.logLevel === undefined;
      if (!silent && wants(during.party, level)) during.party.notify(told, during);
      return;
    }
    for (const party of link.parties) {
      if (party.profile.era === 'legacy' && wants(party, level)) party.notify(told);
    }
  }

  updated(link: Link, frame: Frame): void {
    const params = paramsOf(frame.message) ?? {};
    const uri = String(params['uri']);
    const told = this.#router.many
      ? this.#withParams(frame, { ...params, uri: exposeUri(link.name, uri) })
      : frame;
    for (const party of this.#router.upkeep(link).subscriptions.of(uri)) party.notify(told);
  }

  changed(link: Link, frame: Frame): void {
    forgetLists(link);
    if (this.#router.many) this.#soon(headOf(frame).method ?? '', link);
    else this.#tellAll(link, frame);
  }

  /** A URL was visited: to the one who was asked to. */
  elicited(link: Link, frame: Frame): void {
    const owner = link.elicitations.of(paramsOf(frame.message)?.['elicitationId']);
    if (owner) owner.notify(frame);
    else this.#tellAll(link, frame);
  }

  /** Revision 2025-11-25: to the one who asked for the task. */
  taskStatus(link: Link, frame: Frame): void {
    const { told, taskId } = this.#taskNotice(link, frame);
    const owner = link.tasks.ownerOf(taskId);
    if (owner) owner.notify(told);
    else this.#tellAll(link, told);
  }

  /** The extension of the new era: to those who listen to it. */
  task(link: Link, frame: Frame): void {
    const { told, taskId } = this.#taskNotice(link, frame);
    for (const party of this.#router.upkeep(link).tasks.of(String(taskId))) party.notify(told);
  }

  outward(link: Link, params: Json | undefined): Json | undefined {
    return this.#router.many ? exposeRelated(link.name, params) : params;
  }

  inward(link: Link, result: Json): Json {
    return this.#router.many ? resolveRelated(link.name, result) : result;
  }

  #taskNotice(link: Link, frame: Frame): { readonly told: Frame; readonly taskId: unknown } {
    const params = paramsOf(frame.message) ?? {};
    const { many } = this.#router;
    const told = many ? this.#withParams(frame, exposeTask(link.name, params)) : frame;
    return { told, taskId: params['taskId'] };
  }

  #withParams(frame: Frame, params: Json): Frame {
    return frameOf(notificationOf(headOf(frame).method ?? '', params));
  }

  #tellAll(link: Link, frame: Frame): void {
    for (const party of link.parties) party.notify(frame);
  }

  #soon(method: string, link: Link): void {
    const parties = this.#due.get(method) ?? new Set();
    for (const party of link.parties) parties.add(party);
    this.#due.set(method, parties);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const due = [...this.#due];
      this.#due.clear();
      for (const [name, told] of due) {
        for (const party of told) party.notify(frameOf(notificationOf(name)));
      }
    }, this.#router.settings.listChangedDebounceMs);
  }
}
