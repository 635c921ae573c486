import { StatusError } from '../../cri/handler.ts';
import { around } from '../break.ts';
import { answer } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What PullImage promises to several callers, and to one that is cancelled. */
export const imagePullTogetherFaults: readonly Fault[] = [
  fault({
    name: 'pull-goes-on-without-its-caller',
    breaks: 'PullImage ends with the deadline of its caller',
    kills: ['image/pull/stalled#pulled-in-the-end'],
    how: around('PullImage', (next, { signal }) => (asked, call) => {
      const { apiVersion } = call;
      const stalls = asked.image?.image.includes('/stalled/') === true;
      return next(asked, stalls ? { apiVersion, signal, deadline: undefined } : call);
    }),
  }),
  fault({
    name: 'cancelled-pull-blocks-its-name',
    breaks: 'an image whose PullImage was cancelled can be pulled again',
    kills: ['image/pull/cancelled#pulled-in-the-end'],
    rpcs: ['PullImage'],
    how: () => {
      const blocked = new Set<string>();
      return around('PullImage', (next) => (asked, call) => {
        const name = asked.image?.image ?? '';
        if (blocked.has(name)) return Promise.reject(new StatusError('Internal', 'the image is being pulled'));
        call.signal.addEventListener('abort', () => blocked.add(name));
        return next(asked, call);
      });
    },
  }),
  fault({
    name: 'pull-ends-with-its-neighbour',
    breaks: 'a PullImage is not cancelled with another one of the same image',
    kills: ['image/pull/cancelled-beside-another#other'],
    rpcs: ['PullImage'],
    how: () => {
      const cancelled = new Map<string, AbortController>();
      return around('PullImage', (next) => async (asked, call) => {
        const name = asked.image?.image ?? '';
        const together = cancelled.get(name) ?? new AbortController();
        cancelled.set(name, together);
        call.signal.addEventListener('abort', () => {
          together.abort();
        });
        return next(asked, { ...call, signal: AbortSignal.any([call.signal, together.signal]) });
      });
    },
  }),
  fault({
    name: 'parallel-pull-refused',
    breaks: 'PullImage succeeds while the same image is being pulled',
    kills: ['image/pull/in-parallel#all-succeed'],
    reason: 'a runtime that locks images by name, where another fault refuses every pull',
    rpcs: ['PullImage'],
    how: () => {
      const inFlight = new InFlight();
      return around('PullImage', (next) => async (asked, call) => {
        const name = asked.image?.image ?? '';
        if (inFlight.has(name)) throw new StatusError('Internal', 'the image is being pulled');
        return inFlight.during(name, () => next(asked, call));
      });
    },
  }),
  fault({
    name: 'parallel-pull-has-another-reference',
    breaks: 'PullImage answers the same to everybody who pulls the same image',
    kills: ['image/pull/in-parallel#one-ref'],
    rpcs: ['PullImage'],
    how: () => {
      const inFlight = new InFlight();
      return around('PullImage', (next) => async (asked, call) => {
        const name = asked.image?.image ?? '';
        const isSecond = inFlight.has(name);
        const pulled = await inFlight.during(name, () => next(asked, call));
        return isSecond ? { ...pulled, imageRef: name } : pulled;
      });
    },
  }),
  fault({
    name: 'image-listed-once-for-each-pull',
    breaks: 'ListImages lists an image once, whoever pulled it',
    kills: ['image/pull/in-parallel#listed-once'],
    rpcs: ['PullImage', 'ListImages'],
    how: () => {
      const pulls = new Map<string, number>();
      return [
        around('PullImage', (next) => (asked, call) => {
          const name = asked.image?.image ?? '';
          pulls.set(name, (pulls.get(name) ?? 0) + 1);
          return next(asked, call);
        }),
        answer('ListImages', (list) => {
          list.images = list.images.flatMap((image) =>
            Array.from({ length: Math.max(1, ...image.repoTags.map((tag) => pulls.get(tag) ?? 0)) }, () => image),
          );
        }),
      ];
    },
  }),
];

/** Which names a call is under way for. */
class InFlight {
  readonly #names = new Map<string, number>();

  has(name: string): boolean {
    return (this.#names.get(name) ?? 0) > 0;
  }

  async during<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    try {
      return await work();
    } finally {
      this.#names.set(name, (this.#names.get(name) ?? 1) - 1);
    }
  }
}
