import { StatusError } from '../cri/handler.ts';
import type { ServiceHandlers } from '../cri/handler.ts';
import type { AttachRequest, ExecRequest, RuntimeService } from '../cri/messages.ts';
import { promised } from './promised.ts';
import type { Runtime } from './runtime.ts';
import type { StreamingServer } from './streams/server.ts';

/** The RPCs that prepare a stream. What they refuse is looked at when they are called, and again when the stream is opened. */
export function streamingHandlers(
  { containers, podSandboxes }: Runtime,
  streams: StreamingServer,
): ServiceHandlers<typeof RuntimeService> {
  return {
    exec: promised((request) => {
      const { containerId, cmd, stdin, stdout, stderr, tty } = request;
      const container = containers.get(containerId);
      checkStreams(request);
      if (cmd.length === 0) throw new StatusError('InvalidArgument', 'cmd must not be empty');
      container.requireRunning('executed in');
      const open = container.openExec.bind(container, cmd, { stdin, tty });
      return { url: streams.offerCommand('exec', { stdin, stdout, stderr, tty, open }) };
    }),

    attach: promised((request) => {
      const { containerId, stdin, stdout, stderr, tty } = request;
      const container = containers.get(containerId);
      checkStreams(request);
      if (tty !== container.config.tty) {
        throw new StatusError('InvalidArgument', `tty must be ${String(container.config.tty)}, as the container's is`);
      }
      container.requireRunning('attached to');
      const open = container.attach.bind(container, stdin);
      return { url: streams.offerCommand('attach', { stdin, stdout, stderr, tty, open }) };
    }),

    portForward: promised(({ podSandboxId, port: ports }) => {
      const { state, network } = podSandboxes.get(podSandboxId);
      if (state !== 'ready') throw new StatusError('FailedPrecondition', `pod sandbox ${podSandboxId} is not ready`);
      for (const port of ports) {
        if (port < 1 || port > 65_535) throw new StatusError('InvalidArgument', `port ${String(port)} is none`);
      }
      return { url: streams.offerPorts({ podSandboxId, network, ports }) };
    }),
  };
}

function checkStreams({ tty, stdin, stdout, stderr }: ExecRequest | AttachRequest): void {
  if (!stdin && !stdout && !stderr) {
    throw new StatusError('InvalidArgument', 'one of stdin, stdout and stderr must be set');
  }
  if (tty && stderr) throw new StatusError('InvalidArgument', 'tty and stderr cannot both be set');
}
