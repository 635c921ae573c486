import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, DescMethod, Message, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import type { Channel } from './channel.ts';
import { deadlineMsOf } from './deadline.ts';
import { CriError } from './error.ts';
import type { CallSite } from './error.ts';
import type { Observer } from './record.ts';
import { methodPath, serviceOf } from './service.ts';
import type { ApiVersion, CallOptions, Method } from './service.ts';

/** A channel with what all calls on it have in common. */
export interface Line {
  readonly channel: Channel;
  readonly endpoint: string;
  readonly apiVersion: ApiVersion;
  /** Replaces the deadline table when given. */
  readonly callTimeoutMs: number | undefined;
  readonly observe: Observer | undefined;
}

/**
 * Makes one unary call.
 * @throws CriError when it does not succeed.
 */
export async function callUnary<I extends DescMessage, O extends DescMessage>(
  line: Line,
  method: Method<I, O>,
  init: MessageInitShape<I>,
  { deadlineMs, signal }: CallOptions = {},
): Promise<MessageShape<O>> {
  const request = create(method.input, init);
  const site = siteOf(line, method);
  if (signal?.aborted === true) throw canceledBeforehand(site, signal);

  let startedAtNs = process.hrtime.bigint();
  let endedAtNs = startedAtNs;
  let cancel = (): void => undefined;
  const answer = await new Promise<MessageShape<O>>((resolve, reject) => {
    const call = line.channel.client.makeUnaryRequest<MessageShape<I>, MessageShape<O>>(
      methodPath(line.apiVersion, method),
      (message) => {
        const bytes = encode(method.input, message);
        startedAtNs = process.hrtime.bigint();
        return bytes;
      },
      (bytes) => {
        endedAtNs = process.hrtime.bigint();
        return decode(method.output, bytes);
      },
      request,
      new Metadata(),
      { deadline: Date.now() + (deadlineMs ?? deadlineMsOf(method.name, request, line.callTimeoutMs)) },
      (error, response) => {
        if (error === null && response !== undefined) {
          resolve(response);
        } else {
          endedAtNs = process.hrtime.bigint();
          reject(error ?? new Error('no message came with status OK'));
        }
      },
    );
    cancel = () => {
      call.cancel();
    };
    line.channel.inFlight.add(cancel);
    signal?.addEventListener('abort', cancel, { once: true });
  })
    .then((response) => ({ outcome: 'answered' as const, response }))
    .catch((thrown: unknown) => ({ outcome: 'failed' as const, error: CriError.from(thrown, site) }));
  line.channel.inFlight.delete(cancel);
  signal?.removeEventListener('abort', cancel);

  const durationNs = Number(endedAtNs - startedAtNs);
  line.observe?.({ service: serviceOf(method), rpc: method.name, request, startedAtNs, durationNs, ...answer });
  if (answer.outcome === 'failed') throw answer.error;
  return answer.response;
}

/** Where a call goes, for its errors. */
export function siteOf(line: Line, method: DescMethod): CallSite {
  return { rpc: method.name, endpoint: line.endpoint };
}

/** What a call fails with whose signal was aborted before it began. */
export function canceledBeforehand(site: CallSite, signal: AbortSignal): CriError {
  return new CriError('Canceled', 'cancelled before the request was sent', site, { cause: signal.reason });
}

/** The wire form of a message, as the Buffer that grpc-js wants. */
export function encode(schema: DescMessage, message: Message): Buffer {
  const bytes = toBinary(schema, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A message from its wire form; its bytes fields are plain Uint8Arrays on the same memory, not Buffers. */
export function decode<S extends DescMessage>(schema: S, bytes: Buffer): MessageShape<S> {
  return fromBinary(schema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
