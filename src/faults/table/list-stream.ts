import { StatusError } from '../../cri/handler.ts';
import type { Message } from '../../cri/messages.ts';
import { aroundAny, ofStream } from '../break.ts';
import type { Break } from '../break.ts';
import { fromNth } from '../counted.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { copyOfAnswer, copyOfRequest, emptyAnswer } from '../rpc.ts';
import type { RpcName } from '../rpc.ts';
import { objects } from './unanswered.ts';

/** The lists that are streamed: the field of the items in a message, and the cases that ask. */
const lists = {
  StreamPodSandboxes: { field: 'podSandboxes', caseId: 'pod-sandbox/stream/same-as-list' },
  StreamContainers: { field: 'containers', caseId: 'container/stream/same-as-list' },
  StreamContainerStats: { field: 'containerStats', caseId: 'container-stats/stream/same-as-list' },
  StreamPodSandboxStats: { field: 'podSandboxStats', caseId: 'pod-sandbox-stats/stream/same-as-list' },
  StreamPodSandboxMetrics: { field: 'podSandboxMetrics', caseId: 'metric/stream/same-as-list' },
  StreamImages: { field: 'images', caseId: 'image/stream/same-as-list' },
} as const;
type ListStream = keyof typeof lists;

const provenOn = 'simulator';

/** What the streams of lists promise. */
export const listStreamFaults: readonly Fault[] = [
  fault({
    name: 'list-stream-breaks-off',
    breaks: 'a stream of a list ends without an error',
    kills: killsOf('stream'),
    provenOn,
    how: streaming(async function* (messages) {
      for await (const message of messages) {
        yield message;
        throw new StatusError('Internal', 'the stream breaks off');
      }
    }),
  }),
  fault({
    name: 'list-stream-with-empty-message',
    breaks: 'every message of a streamed list has an item',
    kills: killsOf('no-empty-message'),
    provenOn,
    how: streaming(async function* (messages, rpc) {
      yield emptyAnswer(rpc);
      yield* messages;
    }),
  }),
  fault({
    name: 'list-stream-repeats',
    breaks: 'every item is streamed once',
    kills: killsOf('each-once'),
    provenOn,
    how: streaming(async function* (messages) {
      for await (const message of messages) {
        yield message;
        yield message;
      }
    }),
  }),
  fault({
    name: 'list-stream-loses-an-item',
    breaks: 'every item of the list is streamed',
    kills: killsOf('complete'),
    provenOn,
    how: streaming(async function* (messages, rpc) {
      for await (const message of messages) {
        const copy = copyOfAnswer(rpc, message as never);
        // Metrics are of all pods, the first of which may be another case's.
        if (rpc === 'StreamPodSandboxMetrics') itemsOf(rpc, copy).length = 0;
        itemsOf(rpc, copy).shift();
        if (itemsOf(rpc, copy).length > 0) yield copy;
      }
    }),
  }),
  fault({
    name: 'list-stream-without-filter',
    breaks: 'a streamed list obeys its filter',
    kills: [
      'pod-sandbox/stream/same-as-list#no-others',
      'container/stream/same-as-list#no-others',
      'container-stats/stream/same-as-list#no-others',
      'pod-sandbox-stats/stream/same-as-list#no-others',
    ],
    provenOn,
    how: aroundAny(
      ['StreamPodSandboxes', 'StreamContainers', 'StreamContainerStats', 'StreamPodSandboxStats'],
      (rpc, next) =>
        ofStream((asked, call) => {
          const copy: { filter?: unknown } & Message = copyOfRequest(rpc, asked as never);
          delete copy.filter;
          return next(copy, call);
        }),
    ),
  }),
  fault({
    name: 'list-stream-of-a-stranger',
    breaks: 'nothing is streamed that is not listed',
    kills: ['metric/stream/same-as-list#no-others', 'image/stream/same-as-list#no-others'],
    provenOn,
    how: streaming(async function* (messages, rpc) {
      for await (const message of messages) {
        const copy = copyOfAnswer(rpc, message as never);
        const [first] = itemsOf(rpc, copy);
        if (first) itemsOf(rpc, copy).push({ ...first, id: 'stranger', podSandboxId: 'stranger' });
        yield copy;
      }
    }),
  }),
  listRefused(1, 'list'),
  listRefused(2, 'list-again'),
];

function killsOf(key: string): readonly string[] {
  return Object.values(lists).map(({ caseId }) => `${caseId}#${key}`);
}

/** The lists that the streams are compared with. */
function listRefused(nth: 1 | 2, key: string): Fault {
  const refused = { nth, instead: 'refused' } as const;
  return fault({
    name: `list-refused-${String(nth)}`,
    breaks: `the lists that are also streamed are answered, also ${nth === 1 ? 'at first' : 'again'}`,
    kills: killsOf(key),
    provenOn,
    rpcs: [
      'ListPodSandbox',
      'ListContainers',
      'ListContainerStats',
      'ListPodSandboxStats',
      'ListPodSandboxMetrics',
      'ListImages',
    ],
    how: () => [
      fromNth({ rpc: 'ListPodSandbox', objectOf: objects.ListPodSandbox, ...refused }),
      fromNth({ rpc: 'ListContainers', objectOf: objects.ListContainers, ...refused }),
      fromNth({ rpc: 'ListContainerStats', objectOf: objects.ListContainerStats, ...refused }),
      fromNth({ rpc: 'ListPodSandboxStats', objectOf: objects.ListPodSandboxStats, ...refused }),
      fromNth({ rpc: 'ListPodSandboxMetrics', objectOf: () => '', ...refused }),
      fromNth({ rpc: 'ListImages', objectOf: objects.ListImages, ...refused }),
    ],
  });
}

function streaming(transform: (messages: AsyncIterable<Message>, rpc: ListStream) => AsyncIterable<Message>): Break {
  return aroundAny(Object.keys(lists) as ListStream[], (rpc, next) =>
    ofStream((asked, call) => (isListStream(rpc) ? transform(next(asked, call), rpc) : next(asked, call))),
  );
}

function isListStream(rpc: RpcName): rpc is ListStream {
  return rpc in lists;
}

/** The one door to the items of a message by the name of its RPC. */
function itemsOf(rpc: ListStream, message: Message): Record<string, unknown>[] {
  return (message as unknown as Record<string, Record<string, unknown>[]>)[lists[rpc].field] ?? [];
}
