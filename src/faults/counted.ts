import { StatusError } from '../cri/handler.ts';
import { around } from './break.ts';
import type { Break } from './break.ts';
import { emptyAnswer } from './rpc.ts';
import type { AnswerOf, RequestOf, UnaryRpc } from './rpc.ts';

/** What comes instead of an answer: an error of the runtime's own, or a message in which nothing is set. */
export type Instead = 'refused' | 'empty';

/** Which calls are counted, and from which on there is no answer any more. */
export interface Counting<R extends UnaryRpc> {
  readonly rpc: R;
  /** From 1 on. Calls are counted for each object by itself, so that cases side by side do not count each other's. */
  readonly nth: number;
  /** What of a request says which object it is about; undefined for a request that is to be left alone. */
  readonly objectOf: (request: RequestOf<R>) => string | undefined;
  /** Counts only calls that the runtime answers so; all unless given. */
  readonly when?: (answer: AnswerOf<R>) => boolean;
  readonly instead: Instead;
}

/** Lets the runtime do what it is asked and gives no answer, from the nth call about an object on. */
export function fromNth<R extends UnaryRpc>({ rpc, nth, objectOf, when = () => true, instead }: Counting<R>): Break {
  return around(rpc, (next) => {
    const counts = new Map<string, number>();
    return async (asked, call) => {
      const answered = await next(asked, call);
      const object = objectOf(asked);
      if (object === undefined || !when(answered)) return answered;
      const count = (counts.get(object) ?? 0) + 1;
      counts.set(object, count);
      if (count < nth) return answered;
      if (instead === 'refused') throw new StatusError('Internal', `${rpc} is refused`);
      return emptyAnswer<R>(rpc);
    };
  });
}
