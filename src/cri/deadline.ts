import { isMessage } from '@bufbuild/protobuf';
import type { Message } from '@bufbuild/protobuf';
import { CheckpointContainerRequestSchema, ExecSyncRequestSchema, StopContainerRequestSchema } from './gen/api_pb.js';

/** The kubelet's --runtime-request-timeout: 2 minutes for any call without a rule of its own. */
const defaultMs = 120_000;

/**
 * Calls that get another time than `defaultMs`. The kubelet gives RunPodSandbox twice its time-out, because setting up
 * the network may be slow. It gives PullImage none at all and leaves stalled pulls to the runtime; 4 minutes is
 * crible's own choice, so that no call is without end.
 */
const longerMs: Readonly<Record<string, number>> = { RunPodSandbox: 240_000, PullImage: 240_000 };

/** Longer times cannot be set as a timer (2^31-1 ms, about 25 days). */
const longestMs = 2_147_483_647;

/**
 * The time a unary call gets, in ms: the kubelet's, so that runtimes that act on the caller's deadline (CRI-O stops
 * pods by it) see what they see on a node. `callTimeoutMs` replaces the table. StopContainer and ExecSync get the
 * time-out they ask the runtime for on top, CheckpointContainer at least that one, as in the kubelet.
 */
export function deadlineMsOf(rpc: string, request: Message, callTimeoutMs?: number): number {
  const ms = callTimeoutMs ?? longerMs[rpc] ?? defaultMs;
  if (isMessage(request, StopContainerRequestSchema) || isMessage(request, ExecSyncRequestSchema)) {
    return Math.min(ms + msOf(request.timeout), longestMs);
  }
  if (isMessage(request, CheckpointContainerRequestSchema)) {
    return Math.min(Math.max(ms, msOf(request.timeout)), longestMs);
  }
  return ms;
}

function msOf(timeoutSeconds: bigint): number {
  return Math.max(0, Number(timeoutSeconds)) * 1000;
}
