import { create } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import type { ClientReadableStream } from '@grpc/grpc-js';
import { canceledBeforehand, decode, encode, siteOf } from './call.ts';
import type { Line } from './call.ts';
import { CriError } from './error.ts';
import { methodPath, serviceOf } from './service.ts';
import type { CallOptions, Method } from './service.ts';

/** So many messages wait for a reader before the runtime is held up. */
const maxWaiting = 10_000;

/**
 * Opens a server stream. The request goes out and messages are taken in at once, not when reading begins: nothing that
 * happens in between is missed, and a slow reader does not hold up the runtime. The stream can be read once; leaving
 * the loop cancels the call. There is no deadline unless one is given; an unread stream ends by its signal or with the
 * client. Reading throws CriError when the stream ends with an error.
 *
 * grpc-js drops messages that arrive in one burst with an error status: the last ones before an error may be missing.
 */
export function openStream<I extends DescMessage, O extends DescMessage>(
  line: Line,
  method: Method<I, O>,
  init: MessageInitShape<I>,
  { deadlineMs = Infinity, signal }: CallOptions = {},
): AsyncIterable<MessageShape<O>> {
  const request = create(method.input, init);
  const site = siteOf(line, method);
  if (signal?.aborted === true) throw canceledBeforehand(site, signal);

  let startedAtNs = process.hrtime.bigint();
  let messageCount = 0;
  let failure: CriError | undefined;
  const call = line.channel.client.makeServerStreamRequest<MessageShape<I>, MessageShape<O>>(
    methodPath(line.apiVersion, method),
    (message) => {
      const bytes = encode(method.input, message);
      startedAtNs = process.hrtime.bigint();
      return bytes;
    },
    (bytes) => {
      messageCount += 1;
      return decode(method.output, bytes);
    },
    request,
    new Metadata(),
    { deadline: Date.now() + deadlineMs },
  );
  const cancel = (): void => {
    call.cancel();
  };
  const reader = readEagerly(call);
  call.on('error', (thrown) => {
    if (!reader.left) failure = CriError.from(thrown, site);
  });
  call.once('status', () => {
    line.channel.inFlight.delete(cancel);
    signal?.removeEventListener('abort', cancel);
    const durationNs = Number(process.hrtime.bigint() - startedAtNs);
    const record = { service: serviceOf(method), rpc: method.name, request, startedAtNs, durationNs, messageCount };
    line.observe?.({ outcome: 'streamed', ...record, ...(failure && { error: failure }) });
  });
  line.channel.inFlight.add(cancel);
  signal?.addEventListener('abort', cancel, { once: true });

  return {
    async *[Symbol.asyncIterator]() {
      yield* reader.messages;
      if (failure !== undefined) throw failure;
    },
  };
}

interface Reader<M> {
  /** All messages until the end of the call, whether that is an error or not. */
  readonly messages: AsyncIterable<M>;
  /** Whether the loop over the messages was left: what the call ends with then is our own doing. */
  readonly left: boolean;
}

function readEagerly<M>(call: ClientReadableStream<M>): Reader<M> {
  const waiting: M[] = [];
  let ended = false;
  let left = false;
  let wake = (): void => undefined;
  call.on('data', (message: M) => {
    if (waiting.push(message) >= maxWaiting) call.pause();
    wake();
  });
  call.on('end', () => {
    ended = true;
    wake();
  });

  async function* messages(): AsyncGenerator<M, void> {
    try {
      for (;;) {
        const message = waiting.shift();
        if (message !== undefined) {
          if (call.isPaused()) call.resume();
          yield message;
        } else if (ended) {
          return;
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    } finally {
      left = true;
      call.cancel();
    }
  }
  return {
    messages: messages(),
    get left() {
      return left;
    },
  };
}
