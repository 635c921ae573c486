import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, DescMethod, Message, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { messageOf } from '../model/error.ts';
import { closeChannel } from './channel.ts';
import type { Channel } from './channel.ts';
import { deadlineMsOf } from './deadline.ts';
import { CriError } from './error.ts';
import type { CallSite } from './error.ts';
import type { Observer } from './record.ts';
import { methodPath, serviceOf } from './service.ts';
import type { ApiVersion, CallOptions, Method } from './service.ts';
import type { UnaryAnswer, UnaryTransport } from './unary.ts';

/** Connections to one endpoint, with what all calls on them have in common. */
export interface Line {
  readonly channel: Channel;
  /** What unary calls go through: the channel, or a transport of its own. */
  readonly unary: UnaryTransport;
  readonly endpoint: string;
  readonly apiVersion: ApiVersion;
  /** Replaces the deadline table when given. */
  readonly callTimeoutMs: number | undefined;
  readonly observe: Observer | undefined;
}

/** Ends a line's connections; calls in flight fail with Canceled. */
export function closeLine({ unary, channel }: Line): void {
  unary.close();
  closeChannel(channel);
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

  const answer = await line.unary.send({
    path: methodPath(line.apiVersion, method),
    request: encoded(method, request, site),
    timeoutMs: deadlineMs ?? deadlineMsOf(method.name, request, line.callTimeoutMs),
    signal,
  });
  const told = decoded(method, answer, site);
  const { startedAtNs, durationNs } = answer;
  line.observe?.({ service: serviceOf(method), rpc: method.name, request, startedAtNs, durationNs, ...told });
  if (told.outcome === 'failed') throw told.error;
  return told.response;
}

type Told<O extends DescMessage> =
  | { readonly outcome: 'answered'; readonly response: MessageShape<O> }
  | { readonly outcome: 'failed'; readonly error: CriError };

function encoded(method: DescMethod, request: Message, site: CallSite): Uint8Array {
  try {
    return toBinary(method.input, request);
  } catch (error) {
    throw new CriError('Internal', `Request message serialization failure: ${messageOf(error)}`, site, {
      cause: error,
    });
  }
}

function decoded<O extends DescMessage>(method: Method<DescMessage, O>, answer: UnaryAnswer, site: CallSite): Told<O> {
  if (answer.outcome === 'failed') {
    const { code, details, cause } = answer;
    return { outcome: 'failed', error: new CriError(code, details, site, { cause }) };
  }
  try {
    return { outcome: 'answered', response: decode(method.output, answer.response) };
  } catch (error) {
    const details = `Response message parsing error: ${messageOf(error)}`;
    return { outcome: 'failed', error: new CriError('Internal', details, site, { cause: error }) };
  }
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
export function decode<S extends DescMessage>(schema: S, bytes: Uint8Array): MessageShape<S> {
  return fromBinary(schema, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
