import { create } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import { canceledBeforehand, decode, encode, siteOf } from './call.ts';
import type { Line } from './call.ts';
import { CriError } from './error.ts';
import { methodPath, serviceOf } from './service.ts';
import type { CallOptions, Method } from './service.ts';

/**
 * Opens a server stream. The request goes out at once, not when reading begins, so that events that happen in between
 * are not missed; messages wait unread. The stream can be read once; leaving the loop cancels the call, and without
 * reading only the signal or the client's end does. There is no deadline unless one is given.
 * Reading throws CriError when the stream ends with an error.
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
  let left = false;
  const call = line.channel.makeServerStreamRequest<MessageShape<I>, MessageShape<O>>(
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
  call.on('error', (thrown) => {
    if (!left) failure = CriError.from(thrown, site);
  });
  call.once('status', () => {
    signal?.removeEventListener('abort', cancel);
    const durationNs = Number(process.hrtime.bigint() - startedAtNs);
    line.observe?.({
      outcome: 'streamed',
      service: serviceOf(method),
      rpc: method.name,
      request,
      startedAtNs,
      durationNs,
      messageCount,
      ...(failure && { error: failure }),
    });
  });
  signal?.addEventListener('abort', cancel, { once: true });
  // Without a first read grpc-js would not even notice that the call has failed.
  call.read(0);

  const messages: AsyncIterable<MessageShape<O>> = call;
  return {
    async *[Symbol.asyncIterator]() {
      try {
        yield* messages;
      } catch (thrown) {
        throw CriError.from(thrown, site);
      } finally {
        left = true;
        call.cancel();
      }
      if (failure !== undefined) throw failure;
    },
  };
}
