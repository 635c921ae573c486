import { randomUUID } from 'node:crypto';
import { defineCase } from '../../src/kit/case.ts';
import type { CaseContext } from '../../src/kit/case.ts';

const basis = [
  {
    kind: 'kep' as const,
    text: 'KEP-5825: the same items as the unary list, in lists of at least one, each in exactly one response, then the end',
  },
];

export const cases = [
  defineCase({
    id: 'pod-sandbox/stream/same-as-list',
    title: 'streams the pod sandboxes that ListPodSandbox lists',
    level: 'specified',
    rpcs: ['StreamPodSandboxes'],
    basis,
    needs: ['rpc:StreamPodSandboxes'],
    async run(context) {
      const { given, cri } = context;
      const filter = { labelSelector: { group: randomUUID() } };
      for (let count = 0; count < 3; count += 1) await given.podSandbox({ labels: filter.labelSelector });
      await given.podSandbox();
      await expectSame(context, {
        list: async () => (await cri.runtime.listPodSandbox({ filter })).items,
        stream: () => cri.runtime.streamPodSandboxes({ filter }, whole),
        itemsOf: ({ podSandboxes }) => podSandboxes,
        idOf: ({ id }) => id,
      });
    },
  }),

  defineCase({
    id: 'container/stream/same-as-list',
    title: 'streams the containers that ListContainers lists',
    level: 'specified',
    rpcs: ['StreamContainers'],
    basis,
    needs: ['rpc:StreamContainers'],
    async run(context) {
      const { given, cri } = context;
      const pod = await given.podSandbox();
      const filter = { podSandboxId: pod.id };
      for (let count = 0; count < 3; count += 1) await given.container(pod);
      await given.container(await given.podSandbox());
      await expectSame(context, {
        list: async () => (await cri.runtime.listContainers({ filter })).containers,
        stream: () => cri.runtime.streamContainers({ filter }, whole),
        itemsOf: ({ containers }) => containers,
        idOf: ({ id }) => id,
      });
    },
  }),

  defineCase({
    id: 'container-stats/stream/same-as-list',
    title: 'streams the statistics of the containers that ListContainerStats lists',
    level: 'specified',
    rpcs: ['StreamContainerStats'],
    basis,
    needs: ['rpc:StreamContainerStats'],
    async run(context) {
      const { given, cri } = context;
      const pod = await given.podSandbox();
      const filter = { podSandboxId: pod.id };
      for (let count = 0; count < 3; count += 1) await given.startedContainer(pod);
      await given.startedContainer(await given.podSandbox());
      await expectSame(context, {
        list: async () => (await cri.runtime.listContainerStats({ filter })).stats,
        stream: () => cri.runtime.streamContainerStats({ filter }, whole),
        itemsOf: ({ containerStats }) => containerStats,
        idOf: ({ attributes }) => attributes?.id ?? '',
      });
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/stream/same-as-list',
    title: 'streams the statistics of the pod sandboxes that ListPodSandboxStats lists',
    level: 'specified',
    rpcs: ['StreamPodSandboxStats'],
    basis,
    needs: ['rpc:StreamPodSandboxStats', 'rpc:ListPodSandboxStats'],
    async run(context) {
      const { given, cri } = context;
      const filter = { labelSelector: { group: randomUUID() } };
      for (let count = 0; count < 3; count += 1) await given.podSandbox({ labels: filter.labelSelector });
      await given.podSandbox();
      await expectSame(context, {
        list: async () => (await cri.runtime.listPodSandboxStats({ filter })).stats,
        stream: () => cri.runtime.streamPodSandboxStats({ filter }, whole),
        itemsOf: ({ podSandboxStats }) => podSandboxStats,
        idOf: ({ attributes }) => attributes?.id ?? '',
      });
    },
  }),

  defineCase({
    id: 'metric/stream/same-as-list',
    title: 'streams the metrics of the pod sandboxes that ListPodSandboxMetrics lists',
    level: 'specified',
    rpcs: ['StreamPodSandboxMetrics'],
    basis,
    needs: ['rpc:StreamPodSandboxMetrics', 'rpc:ListPodSandboxMetrics'],
    async run(context) {
      const { given, cri } = context;
      for (let count = 0; count < 3; count += 1) await given.podSandbox();
      await expectSame(context, {
        list: async () => (await cri.runtime.listPodSandboxMetrics({})).podMetrics,
        stream: () => cri.runtime.streamPodSandboxMetrics({}, whole),
        itemsOf: ({ podSandboxMetrics }) => podSandboxMetrics,
        idOf: ({ podSandboxId }) => podSandboxId,
      });
    },
  }),

  defineCase({
    id: 'image/stream/same-as-list',
    title: 'streams the images that ListImages lists',
    level: 'specified',
    rpcs: ['StreamImages'],
    basis,
    needs: ['rpc:StreamImages'],
    async run(context) {
      const { given, cri } = context;
      for (const name of ['shell:1', 'tags:1', 'cmd-only:1']) await given.image(name);
      await expectSame(context, {
        list: async () => (await cri.image.listImages({})).images,
        stream: () => cri.image.streamImages({}, whole),
        itemsOf: ({ images }) => images,
        idOf: ({ id }) => id,
      });
    },
  }),
];

/** Longer than any list takes; a stream that does not end by itself is cut off then. */
const whole = { deadlineMs: 20_000 };

interface Twins<Item, Message> {
  readonly list: () => Promise<readonly Item[]>;
  readonly stream: () => AsyncIterable<Message>;
  readonly itemsOf: (message: Message) => readonly Item[];
  readonly idOf: (item: Item) => string;
}

/** Lists before and after the stream, since what others make and remove meanwhile may be in it or not. */
async function expectSame<Item, Message>(
  { expect }: Pick<CaseContext, 'expect'>,
  { list, stream, itemsOf, idOf }: Twins<Item, Message>,
): Promise<void> {
  const before = (await expect.succeeds('list', list(), 'the unary list')).map(idOf);
  const messages = await expect.succeeds('stream', collected(stream()), 'the stream, to its end');
  const after = (await expect.succeeds('list-again', list(), 'the unary list')).map(idOf);
  const sizes = messages.map((message) => itemsOf(message).length);
  expect.equal('no-empty-message', sizes.filter((size) => size === 0).length, 0, 'messages without an item');
  const streamed = messages.flatMap(itemsOf).map(idOf);
  const repeated = streamed.filter((id, place) => streamed.indexOf(id) !== place);
  expect.equal('each-once', repeated, [], 'items that were streamed before');
  const missing = before.filter((id) => after.includes(id) && !streamed.includes(id));
  expect.equal('complete', missing, [], 'items that are listed and not streamed');
  const others = streamed.filter((id) => !before.includes(id) && !after.includes(id));
  expect.equal('no-others', others, [], 'items that are streamed and not listed');
}

async function collected<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const messages: T[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}
