import type { CriClient } from '../cri/client.ts';
import type { StreamRelay } from './stream-relay.ts';

/** What a break has at hand beside the call: of one proxy, and as long as that lives. */
export interface FaultContext {
  /** The runtime behind, for calls of the fault's own. */
  readonly client: CriClient;
  /** A folder of the proxy's own on this machine; removed with it. */
  readonly folder: string;
  /** Aborted when the proxy closes: what goes on in the background ends by it. */
  readonly signal: AbortSignal;
  /** Has something undone when the proxy closes, the last thing first: what a fault leaks is swept behind the proxy's back. */
  readonly afterwards: (undo: () => void | Promise<void>) => void;
  /** Breaks off every connection as a dying runtime does; listens again after so many ms, or never. */
  readonly die: (backAfterMs?: number) => void;
  /** What carries exec, attach and port-forward. */
  readonly streams: StreamRelay;
}
