import type { RuntimeClient, ImageClient } from '../cri/service.ts';
import type { AllHandlers } from '../cri/forward.ts';
import type { CallContext, Handlers } from '../cri/handler.ts';
import { clone, create, ImageService, RuntimeService } from '../cri/messages.ts';
import type { Message } from '../cri/messages.ts';

type HandlersByKey = AllHandlers['runtime'] & AllHandlers['image'];
type CallsByKey = RuntimeClient & ImageClient;

/** The name of an RPC, verbatim. */
export type RpcName = Capitalize<keyof HandlersByKey>;
/** What is asked by an RPC. */
export type RequestOf<R extends RpcName> = Parameters<HandlersByKey[Uncapitalize<R>]>[0];
/** What is answered to an RPC; of a stream, one message of it. */
export type AnswerOf<R extends RpcName> =
  ReturnType<CallsByKey[Uncapitalize<R>]> extends Promise<infer A>
    ? A
    : ReturnType<CallsByKey[Uncapitalize<R>]> extends AsyncIterable<infer A>
      ? A
      : never;
/** An answer, or as much of it as is not empty. */
export type AnswerInit<R extends RpcName> =
  ReturnType<HandlersByKey[Uncapitalize<R>]> extends Promise<infer A>
    ? A
    : ReturnType<HandlersByKey[Uncapitalize<R>]> extends AsyncIterable<infer A>
      ? A
      : never;

/** The RPCs that answer once. */
export type UnaryRpc = {
  [R in RpcName]: ReturnType<HandlersByKey[Uncapitalize<R>]> extends Promise<unknown> ? R : never;
}[RpcName];
/** The RPCs that answer a stream of messages. */
export type StreamRpc = Exclude<RpcName, UnaryRpc>;

export type UnaryHandler<R extends UnaryRpc> = (request: RequestOf<R>, call: CallContext) => Promise<AnswerOf<R>>;
export type StreamHandler<R extends StreamRpc> = (
  request: RequestOf<R>,
  call: CallContext,
) => AsyncIterable<AnswerOf<R>>;

/** A handler whose types are known by its RPC's name alone. */
export type SomeHandler = (request: Message, call: CallContext) => Promise<Message> & AsyncIterable<Message>;
/** What is served, by the name of the RPC. */
export type HandlerMap = ReadonlyMap<RpcName, SomeHandler>;

const methods = [...RuntimeService.methods, ...ImageService.methods];
const methodByName = new Map(methods.map((method) => [method.name, method]));

/** Every RPC of both services. */
export const rpcNames: readonly RpcName[] = methods.map(({ name }) => name as RpcName);

export function isRpc(name: string): name is RpcName {
  return methodByName.has(name);
}

function methodOf(rpc: RpcName): (typeof methods)[number] {
  const method = methodByName.get(rpc);
  if (method === undefined) throw new Error(`there is no RPC ${rpc}`);
  return method;
}

/** A field of a message, as its descriptor tells of it. */
export type Field = (typeof methods)[number]['output']['fields'][number];

/** The fields of an answer. */
export function outputFields(rpc: RpcName): readonly Field[] {
  return methodOf(rpc).output.fields;
}

export function isStream(rpc: RpcName): rpc is StreamRpc {
  return methodOf(rpc).methodKind === 'server_streaming';
}

/** A request of one's own to change: what it was stays as it was. */
export function copyOfRequest<R extends RpcName>(rpc: R, request: RequestOf<R>): RequestOf<R> {
  return clone(methodOf(rpc).input, request) as Message as RequestOf<R>;
}

/** A whole answer, from as much of it as is not empty. */
export function wholeAnswer<R extends RpcName>(rpc: R, init: AnswerInit<R>): AnswerOf<R> {
  return create(methodOf(rpc).output, init as Record<string, unknown>) as Message as AnswerOf<R>;
}

/** An answer that says nothing. */
export function emptyAnswer<R extends RpcName>(rpc: R): AnswerOf<R> {
  return create(methodOf(rpc).output) as Message as AnswerOf<R>;
}

/** An answer of one's own to change. */
export function copyOfAnswer<R extends RpcName>(rpc: R, answer: AnswerOf<R>): AnswerOf<R> {
  return clone(methodOf(rpc).output, answer as Message) as AnswerOf<R>;
}

/** The handlers by their RPCs' names, which is how faults look at them. */
export function byName({ runtime, image }: AllHandlers): HandlerMap {
  const all: Readonly<Record<string, unknown>> = { ...runtime, ...image };
  return new Map(
    methods.flatMap(({ name, localName }) => {
      const handler = all[localName];
      return isRpc(name) ? [[name, handler as SomeHandler]] : [];
    }),
  );
}

/** The handlers as they are served. */
export function served(handlers: HandlerMap): Handlers {
  const of = (service: typeof RuntimeService | typeof ImageService): Record<string, unknown> =>
    Object.fromEntries(
      service.methods.flatMap(({ name, localName }) => (isRpc(name) ? [[localName, handlers.get(name)]] : [])),
    );
  return { runtime: of(RuntimeService), image: of(ImageService) };
}
