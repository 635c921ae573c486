import type { ServiceHandlers } from '../cri/handler.ts';
import type { RuntimeService } from '../cri/messages.ts';
import { containerHandlers } from './container-handlers.ts';
import { nodeHandlers } from './node-handlers.ts';
import { podSandboxHandlers } from './pod-sandbox-handlers.ts';
import type { Runtime } from './runtime.ts';
import { statsHandlers } from './stats-handlers.ts';
import { streamingHandlers } from './streaming-handlers.ts';

/**
 * RuntimeService over a runtime in memory; `root` is the folder that file systems are said to be in. Unimplemented are checkpoints,
 * metrics, and what of Exec, Attach and PortForward is not a refusal.
 */
export function runtimeService(runtime: Runtime, root: string): ServiceHandlers<typeof RuntimeService> {
  return {
    ...nodeHandlers(),
    ...podSandboxHandlers(runtime),
    ...containerHandlers(runtime),
    ...statsHandlers(runtime, root),
    ...streamingHandlers(runtime),
  };
}
