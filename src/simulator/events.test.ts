import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContainerEventType, ContainerState } from '../cri/messages.ts';
import { Subject, waitForTerm } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;

test('events tell everybody who listens of each transition, once and in order', async () => {
  const listeners = [new AbortController(), new AbortController()];
  const streams = listeners.map(({ signal }) => runtime.getContainerEvents({}, { signal }));
  // The server listens once it has the request; a later call is answered after that.
  await runtime.version({});
  const podSandboxId = await subject.pod();
  const containerId = await subject.started(podSandboxId, { command: waitForTerm });
  await runtime.stopContainer({ containerId, timeout: 5n });
  await runtime.removePodSandbox({ podSandboxId });

  const names = new Map([
    [podSandboxId, 'pod'],
    [containerId, 'container'],
  ]);
  for (const stream of streams) {
    const seen: string[] = [];
    for await (const event of stream) {
      assert.ok(event.podSandboxStatus?.metadata && event.createdAt > 0n);
      const states = event.containersStatuses.map(({ state }) => ContainerState[state]);
      const type = ContainerEventType[event.containerEventType].replace(/^CONTAINER_|_EVENT$/g, '');
      seen.push([names.get(event.containerId) ?? 'other', type, ...states].join(' '));
      if (event.containerId === podSandboxId && type === 'DELETED') break;
    }
    assert.deepEqual(seen, [
      'pod CREATED',
      'pod STARTED',
      'container CREATED CONTAINER_CREATED',
      'container STARTED CONTAINER_RUNNING',
      'container STOPPED CONTAINER_EXITED',
      'pod STOPPED CONTAINER_EXITED',
      'container DELETED',
      'pod DELETED',
    ]);
  }
});

test('a container that cannot be started is told of as stopped; one removed while it runs stops first', async () => {
  const listener = new AbortController();
  const stream = runtime.getContainerEvents({}, { signal: listener.signal });
  await runtime.version({});
  const pod = await subject.pod();
  const missing = await subject.container(pod, { command: ['/no/such'] });
  await assert.rejects(runtime.startContainer({ containerId: missing }));
  const containerId = await subject.started(pod);
  await runtime.removeContainer({ containerId });
  const seen: string[] = [];
  for await (const event of stream) {
    if (event.containerId === pod) continue;
    const name = event.containerId === missing ? 'missing' : 'running';
    const status = event.containersStatuses.find(({ id }) => id === event.containerId);
    seen.push(`${name} ${ContainerEventType[event.containerEventType]} ${status?.reason ?? 'gone'}`);
    if (event.containerEventType === ContainerEventType.CONTAINER_DELETED_EVENT) break;
  }
  assert.deepEqual(seen, [
    'missing CONTAINER_CREATED_EVENT ',
    'missing CONTAINER_STOPPED_EVENT StartError',
    'running CONTAINER_CREATED_EVENT ',
    'running CONTAINER_STARTED_EVENT ',
    'running CONTAINER_STOPPED_EVENT Error',
    'running CONTAINER_DELETED_EVENT gone',
  ]);
});
