import type { AnyHandler, CallContext, ServiceHandlers } from '../../cri/handler.ts';
import type { Message } from '../../cri/messages.ts';
import { ImageService, RuntimeService } from '../../cri/messages.ts';
import type { ServiceLike } from '../../cri/service.ts';
import { UsageError } from '../../model/error.ts';
import { delayOfCall } from './law.ts';
import type { DelayLaw } from './law.ts';
import { waitUntil } from './wait-until.ts';

/** The calls of one RPC follow a law. */
export interface RpcDelay {
  /** A unary RPC, for example `RunPodSandbox`. */
  readonly rpc: string;
  readonly law: DelayLaw;
}

/** @throws UsageError when there is no such unary RPC, or two laws for one. */
export function checkDelays(delays: readonly RpcDelay[]): void {
  const methods = [...RuntimeService.methods, ...ImageService.methods];
  for (const { rpc } of delays) {
    if (!methods.some(({ name, methodKind }) => name === rpc && methodKind === 'unary')) {
      throw new UsageError(`there is no unary RPC '${rpc}' that could be delayed`);
    }
  }
  if (new Set(delays.map(({ rpc }) => rpc)).size < delays.length) {
    throw new UsageError('an RPC can have one law of delay only');
  }
}

/**
 * Makes the calls of some RPCs take as long as their laws say, and writes down what they really took: from when their handler
 * was called to when its answer, or its error, was handed over. A handler that takes longer by itself is not held back.
 */
export class Delays {
  readonly #laws: ReadonlyMap<string, DelayLaw>;
  readonly #seed: number;
  readonly #calls = new Map<string, number>();
  readonly #given = new Map<string, number[]>();
  #frozenUntilNs = 0n;

  /** @throws UsageError as checkDelays does. */
  constructor(delays: readonly RpcDelay[], seed: number) {
    checkDelays(delays);
    this.#laws = new Map(delays.map(({ rpc, law }) => [rpc, law]));
    this.#seed = seed;
  }

  /** In ns, in the order of the answers; those of calls that were cancelled are missing. Written down for RPCs with a law. */
  given(rpc: string): readonly number[] {
    return this.#given.get(rpc) ?? [];
  }

  /** The handlers, delayed. Streams are left as they are. */
  delayed<S extends ServiceLike>(service: S, handlers: ServiceHandlers<S>): ServiceHandlers<S> {
    if (this.#laws.size === 0) return handlers;
    const byName = handlers as Readonly<Record<string, AnyHandler | undefined>>;
    const wrapped = service.methods.map(({ name, localName, methodKind }): readonly [string, unknown] => {
      const handle = byName[localName];
      return [localName, handle && methodKind === 'unary' ? this.#delaying(name, handle) : handle];
    });
    return Object.fromEntries(wrapped) as ServiceHandlers<S>;
  }

  #delaying(rpc: string, handle: AnyHandler) {
    const law = this.#laws.get(rpc);
    return async (request: Message, context: CallContext) => {
      const receivedNs = process.hrtime.bigint();
      const begunNs = later(receivedNs, this.#frozenUntilNs);
      const { ownNs, freezeNs } = law ? this.#next(rpc, law) : { ownNs: 0n, freezeNs: 0n };
      if (freezeNs > 0n) this.#frozenUntilNs = begunNs + freezeNs;
      await waitUntil(begunNs, context.signal);
      const handled = Promise.resolve(handle(request, context));
      await Promise.allSettled([handled]);
      // The server may be frozen, by another call, at the very time that this one is to be answered.
      let dueNs = begunNs + ownNs;
      do {
        await waitUntil(dueNs, context.signal);
        dueNs = later(dueNs, this.#frozenUntilNs);
      } while (process.hrtime.bigint() < dueNs);
      if (law) this.#note(rpc, Number(process.hrtime.bigint() - receivedNs));
      return handled;
    };
  }

  #next(rpc: string, law: DelayLaw) {
    const n = (this.#calls.get(rpc) ?? 0) + 1;
    this.#calls.set(rpc, n);
    return delayOfCall(law, rpc, n, this.#seed);
  }

  #note(rpc: string, ns: number): void {
    const given = this.#given.get(rpc) ?? [];
    given.push(ns);
    this.#given.set(rpc, given);
  }
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
