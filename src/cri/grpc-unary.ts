import { Metadata } from '@grpc/grpc-js';
import type { Channel } from './channel.ts';
import { statusOf } from './error.ts';
import type { UnaryAnswer, UnaryCall, UnaryTransport } from './unary.ts';

/**
 * Unary calls over grpc-js. A call starts when its request is handed to grpc-js, which may make it wait for a connection,
 * and ends when grpc-js hands out the response, before the status behind it.
 */
export function grpcUnary(channel: Channel): UnaryTransport {
  return {
    send: (call) => send(channel, call),
    close: () => {
      for (const cancel of channel.inFlight) cancel();
    },
  };
}

function send({ client, inFlight }: Channel, { path, request, timeoutMs, signal }: UnaryCall): Promise<UnaryAnswer> {
  return new Promise((resolve) => {
    let startedAtNs = process.hrtime.bigint();
    let endedAtNs = startedAtNs;
    const end = (error: unknown, response: Uint8Array | undefined): void => {
      inFlight.delete(cancel);
      signal?.removeEventListener('abort', cancel);
      if (error === null && response !== undefined) {
        resolve({ outcome: 'answered', startedAtNs, durationNs: Number(endedAtNs - startedAtNs), response });
        return;
      }
      const durationNs = Number(process.hrtime.bigint() - startedAtNs);
      const cause = error ?? new Error('no message came with status OK');
      resolve({ outcome: 'failed', startedAtNs, durationNs, ...statusOf(cause), cause });
    };
    let call: { cancel(): void } | undefined;
    const cancel = (): void => call?.cancel();
    try {
      call = client.makeUnaryRequest(
        path,
        (message: Uint8Array) => {
          startedAtNs = process.hrtime.bigint();
          return Buffer.from(message.buffer, message.byteOffset, message.byteLength);
        },
        (bytes: Buffer): Uint8Array => {
          endedAtNs = process.hrtime.bigint();
          return bytes;
        },
        request,
        new Metadata(),
        { deadline: Date.now() + timeoutMs },
        end,
      );
      inFlight.add(cancel);
      signal?.addEventListener('abort', cancel, { once: true });
    } catch (error) {
      // grpc-js throws when the channel was closed.
      end(error, undefined);
    }
  });
}
