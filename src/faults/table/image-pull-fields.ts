import { around } from '../break.ts';
import { answer, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What PullImage promises of fields of its request that most pulls do not have, and of several pulls at once. */
export const imagePullFieldFaults: readonly Fault[] = [
  fault({
    name: 'credentials-of-a-named-server-dropped',
    breaks: 'PullImage uses credentials that name the server which they are for',
    kills: ['image/pull/with-credentials#of-server'],
    how: request('PullImage', (asked) => {
      if (asked.auth?.serverAddress) delete asked.auth;
    }),
  }),
  fault({
    name: 'pull-joins-one-with-credentials',
    breaks: 'each PullImage needs credentials of its own, also beside another of the same image',
    kills: ['image/pull/present-without-credentials#refused-beside'],
    rpcs: ['PullImage'],
    how: () => {
      const inFlight = new Map<string, Promise<{ readonly imageRef: string }>>();
      return around('PullImage', (next) => (asked, call) => {
        const name = asked.image?.image ?? '';
        const pull = inFlight.get(name) ?? next(asked, call);
        inFlight.set(name, pull);
        return pull.finally(() => inFlight.delete(name));
      });
    },
  }),
  fault({
    name: 'pull-for-a-sandbox-has-another-reference',
    breaks: 'PullImage answers the same whichever sandbox wants the image',
    kills: ['image/pull/again#same-for-sandbox'],
    how: answer('PullImage', (pulled, { image, sandboxConfig }) => {
      if (sandboxConfig) pulled.imageRef = image?.image ?? '';
    }),
  }),
  fault({
    name: 'pulls-at-once-answer-one-reference',
    breaks: 'PullImage answers the reference of its own image, beside pulls of others',
    kills: ['image/list/several-images#its-ref'],
    rpcs: ['PullImage'],
    how: () => {
      let first: string | undefined;
      return answer('PullImage', (pulled, { image }) => {
        if (!/\/listed-(?:one|two|three)\b/.test(image?.image ?? '')) return;
        first ??= pulled.imageRef;
        pulled.imageRef = first;
      });
    },
  }),
];
