import type { Code } from './code.ts';

/** A unary call as a transport takes it. */
export interface UnaryCall {
  /** For example `/runtime.v1.RuntimeService/Version`. */
  readonly path: string;
  /** The encoded request, without gRPC's prefix; not to be changed until the call is over. */
  readonly request: Uint8Array;
  /** Time from now; Infinity for none. */
  readonly timeoutMs: number;
  /** Cancels the call; not aborted yet. */
  readonly signal: AbortSignal | undefined;
}

interface Timed {
  /** `process.hrtime.bigint()` when the encoded request was handed on; each transport says to whom. */
  readonly startedAtNs: bigint;
  /** From then until the answer had arrived, before anything of it was decoded. */
  readonly durationNs: number;
}

/** How a call ended: with the encoded response, or with a gRPC status, the transport's own ones among them. */
export type UnaryAnswer =
  | (Timed & { readonly outcome: 'answered'; readonly response: Uint8Array })
  | (Timed & { readonly outcome: 'failed'; readonly code: Code; readonly details: string; readonly cause?: unknown });

/** Carries unary calls to one endpoint. It connects by itself, and again after a connection was lost. */
export interface UnaryTransport {
  /** Makes one call; never rejects. */
  send(call: UnaryCall): Promise<UnaryAnswer>;
  /** Ends the connection; calls in flight fail with Canceled. */
  close(): void;
}
