/** Sharing: a server or a profile, reachable from elsewhere, by those who may. */
export {
  type ClientHint,
  clientEntries,
  curlCheck,
  quickHints,
  type SharedEndpoint,
} from './entries.ts';
export { type ConsentDesk, createConsentDesk, type PendingConsent } from './oauth/consent.ts';
export { type OwnerPage, openOwnerPage } from './oauth/owner-page.ts';
export { describeScope } from './protection/scope.ts';
export {
  type IssuedToken,
  listTokens,
  revokeTokens,
  rotateToken,
  type Scope,
  type ShareTarget,
  type ShareToken,
  stateOf,
  type TokenState,
} from './protection/token-store.ts';
export { qrCode } from './qr.ts';
export type { RelayEvent, RelayLimits } from './relay/server.ts';
export {
  addRelayToken,
  type RelayService,
  type RelayServiceOptions,
  startRelayService,
} from './relay/service.ts';
export { listRunning, type RunningShare } from './running.ts';
export { type Share, type ShareEvent, type ShareOptions, startShare } from './session.ts';
