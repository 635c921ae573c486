import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MountPropagation } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import { withHostMounts, type HostMounts } from '../../src/kit/host-mounts.ts';
import { containerStatus, execSync } from './ask.ts';
import { expectRefusal, expectSuccess, tried } from './printed.ts';
import { privileged } from './privileged.ts';

const { PROPAGATION_PRIVATE, PROPAGATION_HOST_TO_CONTAINER, PROPAGATION_BIDIRECTIONAL } = MountPropagation;

const needs = ['processes', 'host-files', 'host-mounts'];

/** Mount points at and below a shared folder, by what made them. */
const shared = 'the folder';
const byHost = 'made on the host';
const byContainer = 'made in the container';

/**
 * Gives a privileged container a folder that is a shared mount of the host; then something is mounted in it on the host,
 * and in the container. Expectation: `reported`, of the container's status.
 * @returns which of the mounts are seen on the host and in the container
 */
async function mountOnBothSides(
  context: CaseContext,
  mounts: HostMounts,
  propagation: MountPropagation,
): Promise<{ readonly onHost: readonly string[]; readonly inContainer: readonly string[] }> {
  const { given, expect } = context;
  const hostPath = mounts.folder;
  const containerPath = '/mnt/shared';
  for (const name of ['host', 'container']) mkdirSync(join(hostPath, name));
  await mounts.share(hostPath);
  const pod = await given.podSandbox(privileged);
  const { id } = await given.startedContainer(pod, {
    ...privileged,
    mounts: [{ containerPath, hostPath, propagation }],
  });
  const status = await containerStatus(context, id);
  const reported = status.mounts.find((mount) => mount.containerPath === containerPath)?.propagation;
  expect.equal('reported', nameOf(reported), nameOf(propagation), 'propagation of the mount in ContainerStatus.mounts');
  await mounts.tmpfs(join(hostPath, 'host'));
  const script = `mount -t tmpfs crible ${containerPath}/container && cat /proc/self/mountinfo`;
  const { stdout } = await execSync(context, id, ['sh', '-c', script]);
  const points = stdout.split('\n').map((line) => line.split(' ')[4] ?? '');
  return { onHost: wordsFor(mounts.list(), hostPath), inContainer: wordsFor(points, containerPath) };
}

function nameOf(propagation: MountPropagation | undefined): string | undefined {
  return propagation === undefined ? undefined : MountPropagation[propagation];
}

function wordsFor(points: readonly string[], folder: string): readonly string[] {
  const words = new Map([
    [folder, shared],
    [`${folder}/host`, byHost],
    [`${folder}/container`, byContainer],
  ]);
  return [...words].filter(([point]) => points.includes(point)).map(([, word]) => word);
}

/** A folder of the host with a file system of its own mounted in it, at `below`. */
async function folderWithMount(mounts: HostMounts): Promise<string> {
  const hostPath = mounts.folder;
  mkdirSync(join(hostPath, 'below'));
  await mounts.tmpfs(join(hostPath, 'below'));
  return hostPath;
}

const attempts = { above: 'touch /mnt/own/name', below: 'touch /mnt/own/below/name' };

export const cases = [
  defineCase({
    id: 'container/mount/private',
    title: 'keeps what is mounted after the start on its own side of a private mount',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'MountPropagation PROPAGATION_PRIVATE: no propagation, rprivate in Linux' },
      { kind: 'kubelet', text: 'sends it for all mounts that ask for no other, whatever the host’s own mount is' },
    ],
    critest: ['MP-1#in-container'],
    needs,
    run: withHostMounts(async (context, mounts) => {
      const { onHost, inContainer } = await mountOnBothSides(context, mounts, PROPAGATION_PRIVATE);
      context.expect.equal('on-host', onHost, [shared, byHost], 'the mounts that the host sees');
      context.expect.equal('in-container', inContainer, [shared, byContainer], 'the mounts that the container sees');
    }),
  }),

  defineCase({
    id: 'container/mount/host-to-container',
    title: 'shows a container what the host mounts after its start, and not the other way round',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'MountPropagation PROPAGATION_HOST_TO_CONTAINER: from the host, rslave in Linux' },
      { kind: 'kubelet', text: 'sends it for mountPropagation HostToContainer' },
    ],
    critest: ['MP-3#in-container'],
    needs,
    run: withHostMounts(async (context, mounts) => {
      const { onHost, inContainer } = await mountOnBothSides(context, mounts, PROPAGATION_HOST_TO_CONTAINER);
      context.expect.equal('on-host', onHost, [shared, byHost], 'the mounts that the host sees');
      context.expect.equal(
        'in-container',
        inContainer,
        [shared, byHost, byContainer],
        'the mounts that the container sees',
      );
    }),
  }),

  defineCase({
    id: 'container/mount/bidirectional',
    title: 'shows host and container what the other one mounts',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'MountPropagation PROPAGATION_BIDIRECTIONAL: both ways, rshared in Linux' },
      { kind: 'kubelet', text: 'sends it for mountPropagation Bidirectional, which storage drivers in pods rest on' },
    ],
    critest: ['MP-2#on-host'],
    needs,
    run: withHostMounts(async (context, mounts) => {
      const { onHost, inContainer } = await mountOnBothSides(context, mounts, PROPAGATION_BIDIRECTIONAL);
      const all = [shared, byHost, byContainer];
      context.expect.equal('in-container', inContainer, all, 'the mounts that the container sees');
      context.expect.equal('on-host', onHost, all, 'the mounts that the host sees');
    }),
  }),

  defineCase({
    id: 'container/mount/read-only-submount',
    title: 'leaves a mount of the host writable that lies below a read-only one',
    level: 'specified',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.readonly without recursive_read_only: only the mount itself is read-only' },
      { kind: 'kep', text: 'KEP-3857: that submounts stay writable is what workloads were built on' },
    ],
    critest: ['RO-1#submount'],
    needs,
    run: withHostMounts(async (context, mounts) => {
      const hostPath = await folderWithMount(mounts);
      const pod = await context.given.sharedPodSandbox();
      const readonly = [{ containerPath: '/mnt/own', hostPath, readonly: true }];
      const seen = await tried(context, pod, attempts, { mounts: readonly });
      expectSuccess(context, 'submount', seen.below, 'the container writes to the mount below');
      expectRefusal(
        context,
        'mount',
        seen.above,
        'Read-only file system',
        'it is refused to write to the mount itself',
      );
    }),
  }),

  defineCase({
    id: 'container/mount/recursive-read-only',
    title: 'makes what is mounted below a recursively read-only mount read-only too',
    level: 'optional',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.recursive_read_only: the mount is recursively read-only' },
      { kind: 'kep', text: 'KEP-3857: a handler declares it in its features' },
    ],
    critest: ['RO-2#submount'],
    needs: [...needs, 'recursive-read-only-mounts'],
    run: withHostMounts(async (context, mounts) => {
      const hostPath = await folderWithMount(mounts);
      const pod = await context.given.sharedPodSandbox();
      const recursive = [{ containerPath: '/mnt/own', hostPath, readonly: true, recursiveReadOnly: true }];
      const seen = await tried(context, pod, attempts, { mounts: recursive });
      expectRefusal(context, 'mount', seen.above, 'Read-only file system', 'the mount itself cannot be written to');
      expectRefusal(context, 'submount', seen.below, 'Read-only file system', 'the mount below cannot be written to');
    }),
  }),

  defineCase({
    id: 'container/mount/recursive-read-only-contradicted',
    title: 'refuses a recursively read-only mount that is writable, or takes part in propagation',
    level: 'optional',
    rpcs: ['CreateContainer'],
    basis: [
      { kind: 'proto', text: 'Mount.recursive_read_only: readonly must be set with it, and propagation be private' },
      { kind: 'kep', text: 'KEP-3857: a handler declares it in its features' },
    ],
    critest: ['RO-3#with-host-to-container', 'RO-4#with-bidirectional', 'RO-5#without-readonly'],
    needs: ['recursive-read-only-mounts', 'host-files'],
    async run({ given, cri, expect }) {
      const pod = await given.sharedPodSandbox();
      const mount = {
        ...{ containerPath: '/mnt/own', hostPath: given.hostFolder(), readonly: true, recursiveReadOnly: true },
        propagation: PROPAGATION_PRIVATE,
      };
      for (const [key, contradiction] of [
        ['with-host-to-container', { propagation: PROPAGATION_HOST_TO_CONTAINER }],
        ['with-bidirectional', { propagation: PROPAGATION_BIDIRECTIONAL }],
        ['without-readonly', { readonly: false }],
      ] as const) {
        const config = await given.containerConfig(pod, { mounts: [{ ...mount, ...contradiction }] });
        await expect.fails(
          key,
          cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config }),
          `CreateContainer with a recursively read-only mount ${key.replaceAll('-', ' ')}`,
        );
      }
    },
  }),
];
