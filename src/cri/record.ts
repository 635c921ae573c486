import type { Message } from '@bufbuild/protobuf';
import type { CriError } from './error.ts';
import type { ServiceName } from './service.ts';

interface CallBase {
  readonly service: ServiceName;
  /** Verbatim, for example RunPodSandbox. */
  readonly rpc: string;
  readonly request: Message;
  /** `process.hrtime.bigint()` when the encoded request was handed to grpc-js, or written to the socket by the measured transport. */
  readonly startedAtNs: bigint;
  /**
   * From startedAtNs until the raw bytes of the response had arrived: neither encoding the request nor decoding the
   * response is in it. For an error until its status arrived, for a stream until its end.
   */
  readonly durationNs: number;
}

/** One call as an observer is told of it, when it is over. */
export type CallRecord =
  | (CallBase & { readonly outcome: 'answered'; readonly response: Message })
  | (CallBase & { readonly outcome: 'failed'; readonly error: CriError })
  /** A server stream that ended, by an error when there is one; leaving the loop over it is a good end. */
  | (CallBase & { readonly outcome: 'streamed'; readonly messageCount: number; readonly error?: CriError });

/** Told of every call after it ended and before its caller goes on; must not throw. */
export type Observer = (call: CallRecord) => void;
