import { ContainerState } from '../../cri/messages.ts';
import type { Container } from '../../cri/messages.ts';
import { answer } from '../combinators.ts';
import type { Break } from '../break.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What the entries of ListContainers promise. */
export const containerListedFaults: readonly Fault[] = [
  fault({
    name: 'listed-id-is-short',
    breaks: 'ListContainers tells the whole id',
    kills: ['container/list/agrees-with-status#id'],
    how: entries((one) => {
      one.id = one.id.slice(0, 12);
    }),
  }),
  fault({
    name: 'listed-without-metadata',
    breaks: 'ListContainers tells the metadata of a container',
    kills: ['container/list/agrees-with-status#metadata'],
    how: entries((one) => {
      delete one.metadata;
    }),
  }),
  fault({
    name: 'listed-state-is-late',
    breaks: 'ListContainers tells the state that a container is in',
    kills: ['container/list/agrees-with-status#state', 'container/list/by-state#running'],
    how: entries((one) => {
      if (one.state === ContainerState.CONTAINER_RUNNING) one.state = ContainerState.CONTAINER_CREATED;
    }),
  }),
  fault({
    name: 'listed-created-at-in-microseconds',
    breaks: 'ListContainers tells created_at as ContainerStatus does, to the nanosecond',
    kills: ['container/list/agrees-with-status#createdAt', 'container/exit/times-in-order#created-at-stays'],
    how: entries((one) => {
      one.createdAt /= 1000n;
    }),
  }),
  fault({
    name: 'listed-without-labels',
    breaks: 'ListContainers tells the labels of a container',
    kills: ['container/list/agrees-with-status#labels'],
    how: entries((one) => {
      one.labels = {};
    }),
  }),
  fault({
    name: 'listed-without-annotations',
    breaks: 'ListContainers tells the annotations of a container',
    kills: ['container/list/agrees-with-status#annotations'],
    how: entries((one) => {
      one.annotations = {};
    }),
  }),
  fault({
    name: 'listed-without-sandbox',
    breaks: 'ListContainers tells the sandbox of a container',
    kills: ['container/list/by-sandbox#sandbox-id'],
    how: entries((one) => {
      one.podSandboxId = '';
    }),
  }),
];

/** Changes each entry of ListContainers. */
function entries(change: (container: Container) => void): Break {
  return answer('ListContainers', ({ containers }) => {
    containers.forEach(change);
  });
}
