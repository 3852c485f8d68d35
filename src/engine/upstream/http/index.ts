/** Servers on the network, as upstreams of the engine. Loaded only when there is one. */
export { createRemoteUpstream } from './remote.ts';
