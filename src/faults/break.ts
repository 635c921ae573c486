import type { CallContext } from '../cri/handler.ts';
import type { Message } from '../cri/messages.ts';
import type { LastWord } from '../cri/server.ts';
import type { FaultContext } from './context.ts';
import { wholeAnswer } from './rpc.ts';
import type {
  AnswerInit,
  HandlerMap,
  RequestOf,
  RpcName,
  SomeHandler,
  StreamHandler,
  StreamRpc,
  UnaryHandler,
  UnaryRpc,
} from './rpc.ts';

/** One change to what a runtime promises. A fault is made of one or more, by the combinators of combinators.ts, logs.ts and streams.ts. */
export interface Break {
  readonly rpcs: readonly RpcName[];
  /** Gives the handlers that take the place of others. Called once for each proxy: what the closure remembers is one proxy's. */
  readonly wrap: (handlers: HandlerMap, context: FaultContext) => HandlerMap;
  /** Changes the bytes of answers, last of all. */
  readonly lastWord?: LastWord;
}

/** Puts code around one RPC that answers once. `next` is the handler behind: the runtime, or the break before this one. */
export function around<R extends UnaryRpc>(
  rpc: R,
  wrap: (
    next: UnaryHandler<R>,
    context: FaultContext,
  ) => (request: RequestOf<R>, call: CallContext) => Promise<AnswerInit<R>>,
): Break {
  return replacing<UnaryHandler<R>>(rpc, (next, context) => {
    const handler = wrap(next, context);
    return async (request, call) => wholeAnswer(rpc, await handler(request, call));
  });
}

/** Puts code around one RPC that answers a stream. */
export function aroundStream<R extends StreamRpc>(
  rpc: R,
  wrap: (next: StreamHandler<R>, context: FaultContext) => StreamHandler<R>,
): Break {
  return replacing<StreamHandler<R>>(rpc, wrap);
}

/** Puts the same code around several RPCs, whatever they are. */
export function aroundAny(
  rpcs: readonly RpcName[],
  wrap: (rpc: RpcName, next: SomeHandler, context: FaultContext) => SomeHandler,
): Break {
  return {
    rpcs,
    wrap: (handlers, context) =>
      new Map([...handlers].map(([rpc, next]) => [rpc, rpcs.includes(rpc) ? wrap(rpc, next, context) : next])),
  };
}

/** The one door between handlers of any RPC and those of a known one. */
function replacing<H>(rpc: RpcName, wrap: (next: H, context: FaultContext) => H): Break {
  return aroundAny([rpc], (_, next, context) => wrap(next as H, context) as SomeHandler);
}

/** A handler of an RPC that answers once: the two kinds are one type here, and the RPC says which of them it is. */
export function ofCall(handler: (request: Message, call: CallContext) => Promise<Message>): SomeHandler {
  return handler as SomeHandler;
}

/** A handler of an RPC that answers a stream. */
export function ofStream(handler: (request: Message, call: CallContext) => AsyncIterable<Message>): SomeHandler {
  return handler as unknown as SomeHandler;
}
