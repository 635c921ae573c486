import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import { idsOf, listContainers, nobody } from './ask.ts';

/** RemoveContainer succeeds, and the container is neither listed nor known any more. */
async function expectRemoval(context: CaseContext, containerId: string): Promise<void> {
  const { cri, expect } = context;
  await expect.succeeds('remove', cri.runtime.removeContainer({ containerId }), 'RemoveContainer');
  expect.equal('not-listed', idsOf(await listContainers(context, { id: containerId })), [], 'the list by its id');
  await expect.fails(
    'no-status',
    cri.runtime.containerStatus({ containerId }),
    'ContainerStatus of a removed container',
    ['NotFound'],
  );
}

export const cases = [
  defineCase({
    id: 'container/remove/created-container',
    title: 'removes a container that was never started',
    level: 'required',
    rpcs: ['RemoveContainer'],
    basis: [
      { kind: 'proto', text: 'RemoveContainer removes the container, whatever its state' },
      { kind: 'kubelet', text: 'removes what it created when its start fails' },
    ],
    critest: ['CT-5#not-listed'],
    async run(context) {
      const { id } = await context.given.container(await context.given.sharedPodSandbox());
      await expectRemoval(context, id);
    },
  }),

  defineCase({
    id: 'container/remove/running-container',
    title: 'removes a container that runs, by force',
    level: 'specified',
    rpcs: ['RemoveContainer'],
    basis: [{ kind: 'proto', text: 'RemoveContainer: a container that runs is ended by force and removed' }],
    critest: ['CT-6#not-listed'],
    async run(context) {
      const { id } = await context.given.startedContainer(await context.given.sharedPodSandbox());
      await expectRemoval(context, id);
    },
  }),

  defineCase({
    id: 'container/remove/exited-container',
    title: 'removes a container that has exited',
    level: 'required',
    rpcs: ['RemoveContainer'],
    basis: [
      { kind: 'proto', text: 'RemoveContainer removes the container' },
      { kind: 'kubelet', text: 'collects dead containers, and takes the list for what is still there' },
    ],
    critest: ['CT-7#not-listed'],
    async run(context) {
      const { given } = context;
      const { container } = await given.exitedContainer(await given.sharedPodSandbox(), { command: ['true'] });
      await expectRemoval(context, container.id);
    },
  }),

  defineCase({
    id: 'container/remove/is-idempotent',
    title: 'accepts RemoveContainer of a container that is already removed',
    level: 'specified',
    rpcs: ['RemoveContainer'],
    basis: [
      { kind: 'proto', text: 'RemoveContainer: idempotent, no error when the container has already been removed' },
    ],
    critest: ['ID-5#second-removal'],
    async run({ given, cri, expect }) {
      const { id: containerId } = await given.container(await given.sharedPodSandbox());
      await expect.succeeds('first-removal', cri.runtime.removeContainer({ containerId }), 'the first RemoveContainer');
      await expect.succeeds('second-removal', cri.runtime.removeContainer({ containerId }), 'RemoveContainer again');
    },
  }),

  defineCase({
    id: 'container/remove/unknown-id',
    title: 'accepts RemoveContainer of an id that it does not know',
    level: 'specified',
    rpcs: ['RemoveContainer'],
    basis: [{ kind: 'proto', text: 'RemoveContainer: no error when there is nothing left to remove' }],
    critest: ['ID-6#remove-unknown'],
    async run({ cri, expect }) {
      await expect.succeeds(
        'remove-unknown',
        cri.runtime.removeContainer({ containerId: nobody }),
        'RemoveContainer of an unknown id',
      );
    },
  }),
];
