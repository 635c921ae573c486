import { once } from 'node:events';
import { create } from '@bufbuild/protobuf';
import type { DescMessage, DescMethod, Message, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { codeNumberOf } from './code.ts';
import type { Code } from './code.ts';
import { statusOf } from './error.ts';
import type { ImageService, RuntimeService } from './gen/api_pb.js';
import type { ApiVersion, ServiceLike } from './service.ts';

/** What a handler knows of its call beside the request. */
export interface CallContext {
  /** Aborted when the caller cancels, goes away, or its deadline passes. */
  readonly signal: AbortSignal;
  /** When the caller stops waiting; undefined when it waits without end. */
  readonly deadline: Date | undefined;
  /** The version of the CRI that the call came in by. */
  readonly apiVersion: ApiVersion;
}

/** What a handler throws to answer an error. */
export class StatusError extends Error {
  readonly code: Code;
  readonly details: string;

  constructor(code: Code, details: string) {
    super(`${code}: ${details}`);
    this.name = 'StatusError';
    this.code = code;
    this.details = details;
  }
}

type HandlerOf<M extends Pick<DescMethod, 'input' | 'output' | 'methodKind'>> = (
  request: MessageShape<M['input']>,
  context: CallContext,
) => M['methodKind'] extends 'server_streaming'
  ? AsyncIterable<MessageInitShape<M['output']>>
  : Promise<MessageInitShape<M['output']>>;

/**
 * Answers to the RPCs of a service, keyed as the client's calls are (`runPodSandbox`). A handler answers an error by
 * throwing a StatusError, a CriError or any other `{code, details}`; anything else that it throws is answered as Unknown with its message.
 */
export type ServiceHandlers<S extends ServiceLike> = { readonly [M in keyof S['method']]?: HandlerOf<S['method'][M]> };

/** A service that is left out does not exist on the server; an RPC that is left out answers Unimplemented. */
export interface Handlers {
  readonly runtime?: ServiceHandlers<typeof RuntimeService>;
  readonly image?: ServiceHandlers<typeof ImageService>;
}

/**
 * A handler whose types were checked where it was given; the RPC's kind says which of the two it returns.
 */
export type AnyHandler = (
  request: Message,
  context: CallContext,
) => Promise<MessageInitShape<DescMessage>> & AsyncIterable<MessageInitShape<DescMessage>>;

/** The handler of an RPC that has none, with the words of Go's generated servers. */
export function unimplemented(method: DescMethod): AnyHandler {
  return () => {
    throw new StatusError('Unimplemented', `method ${method.name} not implemented`);
  };
}

/** Lets a handler answer a unary call. */
export async function answerUnary(
  call: ServerUnaryCall<Message, Message>,
  answer: sendUnaryData<Message>,
  method: DescMethod,
  handle: AnyHandler,
  apiVersion: ApiVersion,
): Promise<void> {
  try {
    answer(null, create(method.output, await handle(call.request, contextOf(call, apiVersion))));
  } catch (thrown) {
    answer(grpcStatusOf(thrown));
  }
}

/** Lets a handler answer a server stream, no faster than the caller reads. */
export async function answerStream(
  call: ServerWritableStream<Message, Message>,
  method: DescMethod,
  handle: AnyHandler,
  apiVersion: ApiVersion,
): Promise<void> {
  const context = contextOf(call, apiVersion);
  try {
    for await (const message of handle(call.request, context)) {
      if (context.signal.aborted) return;
      if (!call.write(create(method.output, message))) await once(call, 'drain', { signal: context.signal });
    }
    call.end();
  } catch (thrown) {
    if (!context.signal.aborted) call.emit('error', grpcStatusOf(thrown));
  }
}

function contextOf(
  call: ServerUnaryCall<Message, Message> | ServerWritableStream<Message, Message>,
  apiVersion: ApiVersion,
): CallContext {
  const aborter = new AbortController();
  call.on('cancelled', () => {
    aborter.abort();
  });
  const deadline = new Date(call.getDeadline());
  return { signal: aborter.signal, deadline: Number.isNaN(deadline.getTime()) ? undefined : deadline, apiVersion };
}

function grpcStatusOf(thrown: unknown): { readonly code: number; readonly details: string } {
  const { code, details } = statusOf(thrown);
  return { code: codeNumberOf(code), details };
}
