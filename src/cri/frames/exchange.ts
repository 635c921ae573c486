import type { UnaryAnswer, UnaryCall } from '../unary.ts';
import { MessageReader } from './message-reader.ts';
import type { Status } from './status.ts';

/** Who takes a call back that is to end early. */
export interface Carrier {
  abandon(exchange: Exchange): void;
}

/** One call on its way: what was sent of it and what has come back. */
export class Exchange {
  readonly call: UnaryCall;
  /** On the clock of performance.now(). */
  readonly deadlineAtMs: number;
  readonly #settle: (answer: UnaryAnswer) => void;

  /** Where the call is; undefined when it was never given to a connection. */
  carrier: Carrier | undefined;
  /** Calls that wait for the same AbortSignal. */
  watched: Set<Exchange> | undefined;
  /** Whether the connection that it waited on was replaced. */
  moved = false;
  over = false;
  /** When it was written; until then, when it began to wait. */
  startedAtNs = 0n;

  /** 0 as long as nothing was sent. */
  streamId = 0;
  /** What the windows or the frame size did not let through yet, gRPC's prefix included. */
  unsent: Buffer | undefined;
  sendWindowBytes = 0;
  /** Since we last told the server that we took it. */
  receivedBytes = 0;
  /** 0 as long as the answer has not begun. */
  httpStatus = 0;
  readonly answer = new MessageReader();

  constructor(call: UnaryCall, deadlineAtMs: number, settle: (answer: UnaryAnswer) => void) {
    this.call = call;
    this.deadlineAtMs = deadlineAtMs;
    this.#settle = settle;
  }

  succeed(response: Buffer, endedAtNs: bigint): void {
    const { startedAtNs } = this;
    const durationNs = Number(endedAtNs - startedAtNs);
    this.#end({ outcome: 'answered', startedAtNs, durationNs, response });
  }

  fail({ code, details }: Status, endedAtNs: bigint, cause?: unknown): void {
    const startedAtNs = this.startedAtNs || endedAtNs;
    const durationNs = Number(endedAtNs - startedAtNs);
    this.#end({ outcome: 'failed', startedAtNs, durationNs, code, details, cause });
  }

  /** Ends the call from our side, and tells the server if it may be at work on it. */
  cancel(status: Status, cause?: unknown): void {
    this.carrier?.abandon(this);
    this.fail(status, process.hrtime.bigint(), cause);
  }

  #end(answer: UnaryAnswer): void {
    if (this.over) return;
    this.over = true;
    this.unsent = undefined;
    this.watched?.delete(this);
    this.#settle(answer);
  }
}
