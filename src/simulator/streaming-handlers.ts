import { StatusError } from '../cri/handler.ts';
import type { ServiceHandlers } from '../cri/handler.ts';
import type { AttachRequest, ExecRequest, RuntimeService } from '../cri/messages.ts';
import { promised } from './promised.ts';
import type { Runtime } from './runtime.ts';

/** The RPCs that prepare a stream, as far as they refuse one: the simulator has no streaming server, which is said last. */
export function streamingHandlers({ containers, podSandboxes }: Runtime): ServiceHandlers<typeof RuntimeService> {
  return {
    exec: promised((request) => {
      const container = containers.get(request.containerId);
      checkStreams(request);
      if (request.cmd.length === 0) throw new StatusError('InvalidArgument', 'cmd must not be empty');
      container.requireRunning('executed in');
      throw noStreams();
    }),

    attach: promised((request) => {
      const container = containers.get(request.containerId);
      checkStreams(request);
      if (request.tty !== container.config.tty) {
        throw new StatusError('InvalidArgument', `tty must be ${String(container.config.tty)}, as the container's is`);
      }
      container.requireRunning('attached to');
      throw noStreams();
    }),

    portForward: promised(({ podSandboxId }) => {
      const { state } = podSandboxes.get(podSandboxId);
      if (state !== 'ready') throw new StatusError('FailedPrecondition', `pod sandbox ${podSandboxId} is not ready`);
      throw noStreams();
    }),
  };
}

function checkStreams({ tty, stdin, stdout, stderr }: ExecRequest | AttachRequest): void {
  if (!stdin && !stdout && !stderr) {
    throw new StatusError('InvalidArgument', 'one of stdin, stdout and stderr must be set');
  }
  if (tty && stderr) throw new StatusError('InvalidArgument', 'tty and stderr cannot both be set');
}

function noStreams(): StatusError {
  return new StatusError('Unimplemented', 'the simulator has no streaming server');
}
