/** From a client's request to a server: verbatim where both speak the same era, translated where they do not. */
import { type Frame, frameOf } from '../frames/frame.ts';
import type { Json } from '../json-rpc.ts';
import { failureAnswer } from '../router/failure.ts';
import type { Link } from '../router/link.ts';
import type { Call, Party } from '../router/party.ts';
import { envelopeOf, withMeta, withoutEnvelope } from './era.ts';
import { callModern } from './legacy-on-modern.ts';
import { callLegacy } from './modern-on-legacy.ts';
import type { ParkingLot } from './parking.ts';

/** Send a request, names already mapped, to a link. The answer comes through `call.done` as the client's era wants it. */
export function dispatch(link: Link, frame: Frame, call: Call, lot: ParkingLot): void {
  if (!link.opening) {
    link.ready().then(
      () => dispatch(link, frame, call, lot),
      (error: unknown) => call.done(frameOf(failureAnswer(link.name, error))),
    );
    return;
  }
  const { era } = call.party.profile;
  if (era === link.era) link.call(frame, call);
  else if (era === 'legacy') callModern(link, frame, call);
  else callLegacy(link, frame, call, lot);
}

/** Notifications of clients that only the old era has. */
const LEGACY_ALONE = new Set(['notifications/roots/list_changed', 'notifications/tasks/status']);

/** Send a notification of a client to a link; a vendor's own crosses between the eras as well. */
export function notify(link: Link, method: string, params: Json | undefined, party: Party): void {
  const { profile } = party;
  if (profile.era === link.era) link.say(method, params);
  else if (profile.era === 'modern') link.say(method, withoutEnvelope(params));
  else if (!LEGACY_ALONE.has(method)) link.say(method, withMeta(params, envelopeOf(profile)));
}
