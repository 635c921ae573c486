import { randomUUID } from 'node:crypto';
import { ContainerState } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { containerState, containerStatus, idsOf, listContainers, nobody } from './ask.ts';
import { orderOf } from './order.ts';

export const cases = [
  defineCase({
    id: 'container/list/by-id',
    title: 'lists one container by its id',
    level: 'required',
    rpcs: ['ListContainers'],
    basis: [{ kind: 'proto', text: 'ContainerFilter.id: only the container of that id' }],
    critest: ['CT-1#only-it'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const { id } = await given.container(pod);
      await given.container(pod);
      expect.equal('only-it', idsOf(await listContainers(context, { id })), [id], 'the list by id');
    },
  }),

  defineCase({
    id: 'container/list/unknown-id',
    title: 'lists nothing, without an error, for ids that it does not know',
    level: 'specified',
    rpcs: ['ListContainers'],
    basis: [{ kind: 'proto', text: 'ListContainers: the containers that match the filter, which may be none' }],
    async run(context) {
      const { given, expect } = context;
      await given.container(await given.sharedPodSandbox());
      const byId = await listContainers(context, { id: nobody }, 'list-by-id');
      expect.equal('no-container', idsOf(byId), [], 'the list by an unknown container');
      const byPod = await listContainers(context, { podSandboxId: nobody }, 'list-by-sandbox');
      expect.equal('no-sandbox', idsOf(byPod), [], 'the list by an unknown sandbox');
    },
  }),

  defineCase({
    id: 'container/list/by-sandbox',
    revision: 2,
    title: 'lists the containers of one sandbox, also where another sandbox has one of the same name',
    level: 'required',
    rpcs: ['ListContainers', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerFilter.pod_sandbox_id: only containers of that sandbox' },
      { kind: 'proto', text: 'ContainerMetadata.name: unique among the containers of its own sandbox' },
      { kind: 'kubelet', text: 'removes a sandbox only when no container of it is listed' },
    ],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const pod = await given.podSandbox();
      const other = await given.podSandbox();
      const sameName = { metadata: { name: 'of-both' } };
      const created = [(await given.container(pod, sameName)).id];
      const config = await given.containerConfig(other, sameName);
      await expect.succeeds(
        'same-name',
        cri.runtime.createContainer({ podSandboxId: other.id, config, sandboxConfig: other.config }),
        'CreateContainer with a name that a container of another sandbox has',
      );
      // As many as it takes for an order that repeats in six lists to be no accident.
      for (let count = 1; count < 5; count += 1) created.push((await given.container(pod)).id);
      const lists = [];
      for (let count = 0; count < 6; count += 1) {
        lists.push(await listContainers(context, { podSandboxId: pod.id }, `list-${String(count)}`));
      }
      expect.equal('all-of-it', idsOf(lists[0] ?? []), [...created].sort(), 'the list by sandbox');
      expect.equal(
        'sandbox-id',
        [...new Set(lists.flat().map((item) => item.podSandboxId))],
        [pod.id],
        'pod_sandbox_id of the entries',
      );
      observe('container.list-order', orderOf(created, lists));
    },
  }),

  defineCase({
    id: 'container/list/by-state',
    title: 'lists containers of the state that is asked for and no others',
    level: 'required',
    rpcs: ['ListContainers'],
    basis: [
      {
        kind: 'proto',
        text: 'ContainerFilter.state: set means that state, even where its number is 0; unset means any',
      },
      { kind: 'kubelet', text: 'asks for running containers when it looks for running pods' },
    ],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.sharedPodSandbox();
      const { container: exited } = await given.exitedContainer(pod, { command: ['true'] });
      const running = await given.startedContainer(pod);
      const created = await given.container(pod);
      const mine = [created.id, running.id, exited.id];
      for (const [key, state, id] of [
        ['created', ContainerState.CONTAINER_CREATED, created.id],
        ['running', ContainerState.CONTAINER_RUNNING, running.id],
        ['exited', ContainerState.CONTAINER_EXITED, exited.id],
      ] as const) {
        const items = await listContainers(context, { state: { state } }, `${key}-list`);
        expect.equal<unknown>(
          key,
          {
            states: [...new Set(items.map(containerState))],
            ours: idsOf(items).filter((listed) => mine.includes(listed)),
          },
          { states: [ContainerState[state]], ours: [id] },
          'the states in the list, and which of a created, a running and an exited container are there',
        );
      }
      const all = await listContainers(context, {}, 'any-list');
      const found = idsOf(all).filter((listed) => mine.includes(listed));
      expect.equal('any', found, [...mine].sort(), 'all three, found in the list without a filter');
    },
  }),

  defineCase({
    id: 'container/list/by-labels',
    title: 'lists the containers that have all the labels that are asked for',
    level: 'specified',
    rpcs: ['ListContainers'],
    basis: [{ kind: 'proto', text: 'ContainerFilter.label_selector: key and value are equal, for every pair' }],
    async run(context) {
      const { given, expect } = context;
      const group = randomUUID();
      const pod = await given.sharedPodSandbox();
      const { id: red } = await given.container(pod, { labels: { group, colour: 'red' } });
      const { id: blue } = await given.container(pod, { labels: { group, colour: 'blue' } });
      for (const [key, labelSelector, expected] of [
        ['both', { group }, [red, blue].sort()],
        ['one', { group, colour: 'red' }, [red]],
        ['other-value', { group, colour: 'green' }, []],
        ['other-key', { group, flavour: 'red' }, []],
      ] as const) {
        const items = await listContainers(context, { labelSelector }, `${key}-list`);
        expect.equal(key, idsOf(items), expected, `the list by labels ${JSON.stringify(labelSelector)}`);
      }
    },
  }),

  defineCase({
    id: 'container/list/combines-filters',
    title: 'lists a container only if it matches every field of the filter',
    level: 'specified',
    rpcs: ['ListContainers'],
    basis: [{ kind: 'proto', text: 'ContainerFilter: its fields are combined with AND' }],
    async run(context) {
      const { given, expect } = context;
      const group = randomUUID();
      const pod = await given.sharedPodSandbox();
      const { id } = await given.container(pod, { labels: { group } });
      const created = { state: ContainerState.CONTAINER_CREATED };
      const running = { state: ContainerState.CONTAINER_RUNNING };
      const matching = { id, podSandboxId: pod.id, state: created, labelSelector: { group } };
      for (const [key, filter, expected] of [
        ['all-match', matching, [id]],
        ['other-id', { ...matching, id: nobody }, []],
        ['other-sandbox', { ...matching, podSandboxId: nobody }, []],
        ['other-state', { ...matching, state: running }, []],
        ['other-label', { ...matching, labelSelector: { group: 'none' } }, []],
      ] as const) {
        expect.equal(key, idsOf(await listContainers(context, filter, `${key}-list`)), expected, 'the list');
      }
    },
  }),

  defineCase({
    id: 'container/list/agrees-with-status',
    revision: 2,
    title: 'says the same of a container in status, list and the list of all',
    level: 'required',
    rpcs: ['ListContainers', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'Container and ContainerStatus: both describe the container by the same fields' },
      { kind: 'kubelet', text: 'works from either, by what it needs to know' },
    ],
    critest: ['CT-2#metadata'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox());
      const status = await containerStatus(context, id);
      const [item] = await listContainers(context, { id });
      for (const field of ['id', 'metadata', 'state', 'createdAt', 'labels', 'annotations'] as const) {
        expect.equal<unknown>(field, item?.[field], status[field], `${field} of the list entry, as in the status`);
      }
      const all = await listContainers(context, {}, 'list-all');
      const unfiltered = all.find((one) => one.id === id);
      expect.equal('unfiltered', unfiltered, item, 'the entry of the list without a filter, as in the list by id');
    },
  }),
];
