import { ContainerState } from '../../cri/messages.ts';
import type { Container, ContainerStatus } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, refuses } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const { CONTAINER_RUNNING, CONTAINER_EXITED } = ContainerState;
const hourNs = 3_600_000_000_000n;
const nowhere = `sha256:${'0'.repeat(64)}`;

/** What a runtime goes on telling of a container through all its states, the same in status and lists. */
export const containerKeptFaults: readonly Fault[] = [
  fault({
    name: 'annotations-of-running-container-forgotten',
    breaks: 'ContainerStatus tells the annotations of a container that runs',
    kills: ['container/status/later-states#running'],
    how: statusIn(CONTAINER_RUNNING, (status) => {
      status.annotations = {};
    }),
  }),
  fault({
    name: 'mounts-of-exited-container-forgotten',
    breaks: 'ContainerStatus tells the mounts of a container that has exited',
    kills: ['container/status/later-states#exited'],
    reason: 'another field of an exited container than log-path-of-exited-container-forgotten',
    how: statusIn(CONTAINER_EXITED, (status) => {
      status.mounts = [];
    }),
  }),
  fault({
    name: 'log-path-of-exited-container-forgotten',
    breaks: 'ContainerStatus tells where the log of a container is that has exited',
    kills: ['container/status/later-states#exited'],
    reason: 'what kubectl logs --previous rests on',
    how: statusIn(CONTAINER_EXITED, (status) => {
      status.logPath = '';
    }),
  }),
  fault({
    name: 'listed-attempt-of-running-container-is-0',
    breaks: 'ListContainers tells the attempt of a container that runs',
    kills: ['container/status/later-states#listed-running'],
    how: listed(({ state, metadata }) => {
      if (metadata && state === CONTAINER_RUNNING) metadata.attempt = 0;
    }),
  }),
  fault({
    name: 'listed-labels-of-exited-container-forgotten',
    breaks: 'ListContainers tells the labels of a container that has exited',
    kills: ['container/status/later-states#listed-exited'],
    how: listed((one) => {
      if (one.state === CONTAINER_EXITED) one.labels = {};
    }),
  }),
  fault({
    name: 'list-of-all-without-annotations',
    breaks: 'ListContainers without a filter tells as much of a container as with one',
    kills: ['container/list/agrees-with-status#unfiltered'],
    how: answer('ListContainers', ({ containers }, { filter }) => {
      if (filter?.id === '' && filter.podSandboxId === '') for (const one of containers) one.annotations = {};
    }),
  }),
  fault({
    name: 'name-of-another-sandbox-refused',
    breaks: 'CreateContainer takes a name that a container of another sandbox has',
    kills: ['container/list/by-sandbox#same-name'],
    rpcs: ['CreateContainer'],
    how: () => {
      const sandboxes = new Map<string, string>();
      return refuses('CreateContainer', 'AlreadyExists', ({ podSandboxId, config }) => {
        const { name = '', attempt = 0 } = config?.metadata ?? {};
        const key = `${name} ${String(attempt)}`;
        const first = sandboxes.get(key) ?? podSandboxId;
        sandboxes.set(key, first);
        return name === 'of-both' && first !== podSandboxId;
      });
    },
  }),
  fault({
    name: 'listed-image-unnamed',
    breaks: 'ListContainers names the image of a container',
    kills: ['container/status/image#listed-image'],
    how: listed((one) => {
      delete one.image;
    }),
  }),
  fault({
    name: 'listed-image-ref-of-no-image',
    breaks: 'ImageStatus finds an image by the image_ref of ListContainers',
    kills: ['container/status/image#listed-image-ref'],
    how: listed((one) => {
      one.imageRef = nowhere;
    }),
  }),
  fault({
    name: 'image-id-of-no-image',
    breaks: 'image_id of a container is the id of its image',
    kills: ['container/status/image#image-id'],
    how: listed((one) => {
      one.imageId = nowhere;
    }),
  }),
  fault({
    name: 'killed-is-out-of-memory',
    breaks: 'the reason OOMKilled is for containers that had not memory enough',
    kills: ['container/exit/killed#not-of-memory'],
    how: statusIn(CONTAINER_EXITED, (status) => {
      if (status.exitCode === 137) status.reason = 'OOMKilled';
    }),
  }),
  fault({
    name: 'every-signal-is-9',
    breaks: 'the exit code tells which signal ended a container',
    kills: ['container/exit/killed#exit-code-of-term'],
    how: statusIn(CONTAINER_EXITED, (status) => {
      if (status.exitCode > 128) status.exitCode = 137;
    }),
  }),
  fault({
    name: 'times-of-another-zone',
    breaks: 'times of a container are since the epoch',
    kills: ['container/exit/times-in-order#by-the-clock'],
    reason: 'all times are off and in order, where finished-at-right-after-started-at shortens a life',
    how: [
      answer('ContainerStatus', ({ status }) => {
        if (status?.createdAt) status.createdAt += hourNs;
        if (status?.startedAt) status.startedAt += hourNs;
        if (status?.finishedAt) status.finishedAt += hourNs;
      }),
      listed((one) => {
        one.createdAt += hourNs;
      }),
    ],
  }),
  fault({
    name: 'finished-at-right-after-started-at',
    breaks: 'finished_at is when the process of a container ended',
    kills: ['container/exit/times-in-order#by-the-clock'],
    reason: 'the order of the times is right, and how long the container ran is not',
    how: statusIn(CONTAINER_EXITED, (status) => {
      status.finishedAt = status.startedAt + 1n;
    }),
  }),
];

/** Changes what ContainerStatus tells of containers in a state. */
function statusIn(state: ContainerState, change: (status: ContainerStatus) => void): Break {
  return answer('ContainerStatus', ({ status }) => {
    if (status?.state === state) change(status);
  });
}

/** Changes each entry of ListContainers. */
function listed(change: (container: Container) => void): Break {
  return answer('ListContainers', ({ containers }) => {
    containers.forEach(change);
  });
}
