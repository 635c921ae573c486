import type { Writable } from 'node:stream';
import type { PortForward } from '../streaming/port-forward.ts';
import type { ProcessStream } from '../streaming/process-stream.ts';
import { Received } from './received.ts';

/** A process in a container, its output read as it comes. */
export interface OpenProcess extends Omit<ProcessStream, 'stdin' | 'stdout' | 'stderr'> {
  readonly stdout: Received;
  readonly stderr: Received;
  /** Bytes for its input; `key` is the expectation's that the stream takes them. */
  send(bytes: string | Uint8Array, key?: string): Promise<void>;
  /** Ends its input alone where the protocol can, else the whole stream. */
  endInput(): void;
}

/** Ports of a pod, what comes from them read as it comes. */
export interface OpenPorts extends Omit<PortForward, 'ports'> {
  readonly ports: readonly OpenPort[];
}

export interface OpenPort {
  readonly port: number;
  readonly fromPod: Received;
  readonly error: Received;
  /** Bytes for whoever listens; `key` is the expectation's that the stream takes them. */
  send(bytes: string | Uint8Array, key?: string): Promise<void>;
}

/** Writes to a stream; the key is the expectation's that it takes the bytes. */
type Send = (to: Writable, bytes: string | Uint8Array, key: string) => Promise<void>;

export function readProcess({ stdin, stdout, stderr, ...stream }: ProcessStream, send: Send): OpenProcess {
  const received = { stdout: new Received(stdout), stderr: new Received(stderr) };
  return {
    ...stream,
    ...received,
    ended: stream.ended.then(async (end) => {
      await Promise.all([received.stdout.over, received.stderr.over]);
      return end;
    }),
    send: (bytes, key = 'stdin-taken') => send(stdin, bytes, key),
    endInput: () => {
      if (stream.endsInput) stdin.end();
      else stream.close();
    },
  };
}

export function readPorts({ ports, ...forward }: PortForward, send: Send): OpenPorts {
  return {
    ...forward,
    ports: ports.map(({ port, toPod, fromPod, error }) => ({
      port,
      fromPod: new Received(fromPod),
      error: new Received(error),
      send: (bytes, key = `port-${String(port)}-takes`) => send(toPod, bytes, key),
    })),
  };
}
