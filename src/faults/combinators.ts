import { setTimeout as pause } from 'node:timers/promises';
import { CriError } from '../cri/error.ts';
import type { Code } from '../cri/code.ts';
import { StatusError } from '../cri/handler.ts';
import type { CallContext } from '../cri/handler.ts';
import type { Message } from '../cri/messages.ts';
import { around, aroundAny, aroundStream, ofCall, ofStream } from './break.ts';
import type { Break } from './break.ts';
import type { FaultContext } from './context.ts';
import { copyOfAnswer, copyOfRequest, isStream, wholeAnswer } from './rpc.ts';
import type { AnswerInit, AnswerOf, RequestOf, RpcName, StreamRpc, UnaryRpc } from './rpc.ts';

type Maybe = void | Promise<void>;
type When<R extends RpcName> = (request: RequestOf<R>) => boolean;

/** Changes the request before the runtime sees it. Assign to the copy that is given: `({ config }) => { delete config?.linux }`. */
export function request<R extends RpcName>(
  rpc: R,
  change: (request: RequestOf<R>, context: FaultContext) => Maybe,
): Break {
  return aroundAny([rpc], (_, next, context) => {
    const changed = async (original: Message): Promise<Message> => {
      const copy = copyOfRequest(rpc, original as RequestOf<R>);
      await change(copy, context);
      return copy;
    };
    if (isStream(rpc))
      return ofStream(async function* (asked, call) {
        yield* next(await changed(asked), call);
      });
    return ofCall(async (asked, call) => next(await changed(asked), call));
  });
}

/** Changes the answer, or each message of a stream, before the caller sees it. Assign to the copy that is given. */
export function answer<R extends RpcName>(
  rpc: R,
  change: (answer: AnswerOf<R>, request: RequestOf<R>, context: FaultContext) => Maybe,
): Break {
  return aroundAny([rpc], (_, next, context) => {
    const changed = async (original: Message, asked: Message): Promise<Message> => {
      const copy = copyOfAnswer(rpc, original as AnswerOf<R>);
      await change(copy, asked as RequestOf<R>, context);
      return copy as Message;
    };
    if (isStream(rpc))
      return ofStream(async function* (asked, call) {
        for await (const message of next(asked, call)) yield await changed(message, asked);
      });
    return ofCall(async (asked, call) => changed(await next(asked, call), asked));
  });
}

/** Answers an error without asking the runtime; only for requests of one sort when `when` is given. */
export function refuses<R extends UnaryRpc>(rpc: R, code: Code, when: When<R> = always): Break {
  return around(rpc, (next) => async (asked, call) => {
    if (when(asked)) throw new StatusError(code, `${rpc} is refused`);
    return next(asked, call);
  });
}

/** Lets the runtime do it, and answers an error all the same. */
export function failsAfterwards<R extends UnaryRpc>(rpc: R, code: Code, when: When<R> = always): Break {
  return around(rpc, (next) => async (asked, call) => {
    const done = await next(asked, call);
    if (when(asked)) throw new StatusError(code, `${rpc} failed`);
    return done;
  });
}

/** Answers another code for an error: `codeChanged('ContainerStatus', 'NotFound', 'Unknown')`. */
export function codeChanged(rpc: UnaryRpc, from: Code, to: Code): Break {
  return around(
    rpc,
    (next) => (asked, call) =>
      next(asked, call).catch((error: unknown) => {
        throw error instanceof CriError && error.code === from ? new StatusError(to, error.details) : error;
      }),
  );
}

/** Answers success, with `init` as the answer, where the runtime answers an error of this code. */
export function forgives<R extends UnaryRpc>(rpc: R, code: Code, init: AnswerInit<R>): Break {
  return around(
    rpc,
    (next) => (asked, call) =>
      next(asked, call).catch((error: unknown) => {
        if (error instanceof CriError && error.code === code) return wholeAnswer(rpc, init);
        throw error;
      }),
  );
}

/** Answers success without doing it. */
export function swallow<R extends UnaryRpc>(rpc: R, init: AnswerInit<R>, when: When<R> = always): Break {
  return around(rpc, (next) => async (asked, call) => (when(asked) ? init : next(asked, call)));
}

/** Does it twice, and answers what came of the first time; what came of the second is passed over. */
export function twice(rpc: UnaryRpc): Break {
  return around(rpc, (next) => async (asked, call) => {
    const first = await next(asked, call);
    await next(asked, call).catch(() => undefined);
    return first;
  });
}

/** Answers at once, and does it so much later. */
export function postpones<R extends UnaryRpc>(rpc: R, init: AnswerInit<R>, laterMs: number): Break {
  return around(rpc, (next, { signal }) => (asked, { apiVersion }) => {
    const work = async (): Promise<void> => {
      await pause(laterMs, undefined, { signal });
      await next(asked, { apiVersion, signal, deadline: undefined });
    };
    // Nobody waits for it any more, and the proxy may be gone by then.
    work().catch(() => undefined);
    return Promise.resolve(init);
  });
}

/** Answers for ever what it answered first, for the same key: `frozen('ContainerStatus', ({ containerId }) => containerId)`. */
export function frozen<R extends UnaryRpc>(rpc: R, keyOf: (request: RequestOf<R>) => string): Break {
  return around(rpc, (next) => {
    const remembered = new Map<string, AnswerOf<R>>();
    return async (asked, call) => {
      const key = keyOf(asked);
      const known = remembered.get(key) ?? (await next(asked, call));
      remembered.set(key, known);
      return known;
    };
  });
}

/** Does something of its own before the runtime is asked. */
export function before<R extends UnaryRpc>(
  rpc: R,
  work: (request: RequestOf<R>, context: FaultContext) => Maybe,
): Break {
  return around(rpc, (next, context) => async (asked, call) => {
    await work(asked, context);
    return next(asked, call);
  });
}

/** Does something of its own once the runtime has answered, before the caller is answered. */
export function after<R extends UnaryRpc>(
  rpc: R,
  work: (request: RequestOf<R>, answer: AnswerOf<R>, context: FaultContext) => Maybe,
): Break {
  return around(rpc, (next, context) => async (asked, call) => {
    const answered = await next(asked, call);
    await work(asked, answered, context);
    return answered;
  });
}

/** Passes a stream of messages on through an async generator: drops, doubles, reorders or delays them, or ends it early. */
export function stream<R extends StreamRpc>(
  rpc: R,
  transform: (
    messages: AsyncIterable<AnswerOf<R>>,
    request: RequestOf<R>,
    context: FaultContext,
  ) => AsyncIterable<AnswerOf<R>>,
): Break {
  return aroundStream(rpc, (next, context) => (asked, call) => transform(next(asked, call), asked, context));
}

/** Waits, or does anything else, before each call of these RPCs is passed on, streams included. */
export function first(
  rpcs: readonly RpcName[],
  work: (call: CallContext, context: FaultContext) => Promise<void>,
): Break {
  return aroundAny(rpcs, (rpc, next, context) => {
    if (isStream(rpc))
      return ofStream(async function* (asked, call) {
        await work(call, context);
        yield* next(asked, call);
      });
    return ofCall(async (asked, call) => {
      await work(call, context);
      return next(asked, call);
    });
  });
}

/** Answers so many ms later, or by a share of what the call took (0.1 is a tenth; of a stream, of what its first message took). */
export function delays(rpcs: readonly RpcName[], delay: { readonly ms: number } | { readonly share: number }): Break {
  const msOf = (startedAtMs: number): number =>
    'ms' in delay ? delay.ms : (performance.now() - startedAtMs) * delay.share;
  return aroundAny(rpcs, (rpc, next) => {
    if (isStream(rpc))
      return ofStream(async function* (asked, call) {
        const startedAtMs = performance.now();
        let waited = false;
        for await (const message of next(asked, call)) {
          if (!waited) await pause(msOf(startedAtMs), undefined, { signal: call.signal });
          waited = true;
          yield message;
        }
      });
    return ofCall(async (asked, call) => {
      const startedAtMs = performance.now();
      const answered = await next(asked, call);
      await pause(msOf(startedAtMs), undefined, { signal: call.signal });
      return answered;
    });
  });
}

/** Changes the bytes of answers, which need not be a message then. */
export function bytes(rpcs: readonly RpcName[], change: (bytes: Buffer) => Buffer): Break {
  const names: readonly string[] = rpcs;
  return {
    rpcs,
    wrap: (handlers) => handlers,
    lastWord: (rpc, encoded) => (names.includes(rpc) ? change(encoded) : encoded),
  };
}

const always = (): boolean => true;
