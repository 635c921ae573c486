import type { ServiceHandlers } from '../cri/handler.ts';
import type { RuntimeService } from '../cri/messages.ts';
import { containerHandlers } from './container-handlers.ts';
import { nodeHandlers } from './node-handlers.ts';
import { podSandboxHandlers } from './pod-sandbox-handlers.ts';
import type { Runtime } from './runtime.ts';
import { statsHandlers } from './stats-handlers.ts';
import { streamingHandlers } from './streaming-handlers.ts';
import type { StreamingServer } from './streams/server.ts';

/**
 * RuntimeService over a runtime in memory; `root` is the folder that file systems are said to be in. Unimplemented are
 * CheckpointPod and RestorePod alone: a pod that is restored goes on where it was, and nothing here has a memory that could be
 * written down and brought back. (CheckpointContainer promises no more than an archive.)
 */
export function runtimeService(
  runtime: Runtime,
  streams: StreamingServer,
  root: string,
): ServiceHandlers<typeof RuntimeService> {
  return {
    ...nodeHandlers(),
    ...podSandboxHandlers(runtime),
    ...containerHandlers(runtime),
    ...statsHandlers(runtime, root),
    ...streamingHandlers(runtime, streams),
  };
}
