/** How a session reaches its client, whatever the transport. */
import type { Frame } from '../frames/frame.ts';
import type { RequestId } from '../json-rpc.ts';

/** One client's end. */
export interface Outlet {
  /** Something sent now arrives without the client asking for it. */
  readonly reachable: boolean;
  /** Send a message; `about` is the client's request that it belongs to, where it belongs to one. */
  send(frame: Frame, about?: RequestId): void;
}
