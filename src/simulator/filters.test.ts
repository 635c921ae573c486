import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ContainerConfigSchema,
  ContainerFilterSchema,
  ContainerState,
  ContainerStatsFilterSchema,
  create,
  PodSandboxConfigSchema,
  PodSandboxFilterSchema,
  PodSandboxState,
} from '../cri/messages.ts';
import { matchesContainer } from './container-messages.ts';
import { matchesPodSandbox } from './pod-sandbox-messages.ts';
import type { RemoteImage } from './registry.ts';
import { Runtime } from './runtime.ts';
import { matchesContainerStats } from './stats.ts';

type Labels = Readonly<Record<string, string>>;
interface Facts {
  readonly id: string;
  readonly podSandboxId?: string;
  readonly state: PodSandboxState | ContainerState;
  readonly labels: Labels;
}
type Wanted = Partial<Facts> & { readonly labels: Labels };

/** A filter as the specification words it: what is given must be equal, and nothing else matters. */
function naive(all: readonly Facts[], wanted: Wanted): readonly string[] {
  let left = all;
  if (wanted.id !== undefined) left = left.filter(({ id }) => id === wanted.id);
  if (wanted.podSandboxId !== undefined) left = left.filter(({ podSandboxId }) => podSandboxId === wanted.podSandboxId);
  if (wanted.state !== undefined) left = left.filter(({ state }) => state === wanted.state);
  for (const [key, value] of Object.entries(wanted.labels)) {
    left = left.filter(({ labels }) => Object.entries(labels).some(([k, v]) => k === key && v === value));
  }
  return left.map(({ id }) => id);
}

const image: RemoteImage = {
  manifestDigest: `sha256:${'a'.repeat(64)}`,
  manifestSizeBytes: 100,
  configuration: { digest: `sha256:${'b'.repeat(64)}`, size: 100 },
  configurationText: '{}',
  config: { User: '', Env: [], Entrypoint: ['sleep', 'infinity'], Cmd: [], WorkingDir: '', StopSignal: '' },
  layers: [],
};
const runtime = (): Runtime => new Runtime(() => Promise.resolve(image));
const names = fc.constantFrom('app', 'tier', 'toString');
const anyLabels = fc.dictionary(names, fc.constantFrom('a', 'b', ''), { maxKeys: 2, noNullPrototype: true });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
/** The id of something that is there, or of something that is not. */
const idOf = (all: readonly { readonly id: string }[], place: number | undefined): { id?: string } =>
  place === undefined ? {} : { id: all[place]?.id ?? 'f'.repeat(64) };

function runPods(runtime: Runtime, all: readonly Labels[]) {
  return all.map((labels, place) => {
    const metadata = { name: `pod-${String(place)}`, namespace: 'n', uid: 'u' };
    return runtime.runPodSandbox(create(PodSandboxConfigSchema, { metadata, labels }), '');
  });
}

test('pod sandboxes are found as a naive reading of the specification finds them', async () => {
  const pods = fc.array(fc.record({ labels: anyLabels, stopped: fc.boolean() }), { maxLength: 5 });
  const states = fc.constantFrom(PodSandboxState.SANDBOX_READY, PodSandboxState.SANDBOX_NOTREADY);
  const filters = fc.record({ place: maybe(fc.nat(6)), state: maybe(states), labels: anyLabels });
  await fc.assert(
    fc.asyncProperty(pods, filters, async (plans, { place, state, labels }) => {
      const subject = runtime();
      const ids = runPods(
        subject,
        plans.map((plan) => plan.labels),
      ).map(({ id }) => id);
      const facts: Facts[] = plans.map((plan, at) => ({
        id: ids[at] ?? '',
        state: plan.stopped ? PodSandboxState.SANDBOX_NOTREADY : PodSandboxState.SANDBOX_READY,
        labels: plan.labels,
      }));
      await Promise.all(
        plans.map((plan, at) => (plan.stopped ? subject.stopPodSandbox(ids[at] ?? '') : Promise.resolve())),
      );

      const id = idOf(facts, place);
      const filter = create(PodSandboxFilterSchema, {
        ...id,
        ...(state !== undefined && { state: { state } }),
        labelSelector: labels,
      });
      const found = subject.podSandboxes.list().filter((pod) => matchesPodSandbox(pod, filter));
      assert.deepEqual(
        found.map((pod) => pod.id),
        naive(facts, { ...id, ...(state !== undefined && { state }), labels }),
      );
    }),
    { numRuns: 200 },
  );
});

test('containers, and their statistics, are found as a naive reading of the specification finds them', async () => {
  const { CONTAINER_CREATED, CONTAINER_RUNNING, CONTAINER_EXITED } = ContainerState;
  const states = fc.constantFrom(CONTAINER_CREATED, CONTAINER_RUNNING, CONTAINER_EXITED);
  const containers = fc.array(fc.record({ pod: fc.nat(1), state: states, labels: anyLabels }), { maxLength: 6 });
  const filters = fc.record({
    place: maybe(fc.nat(6)),
    pod: maybe(fc.nat(2)),
    state: maybe(states),
    labels: anyLabels,
  });
  await fc.assert(
    fc.asyncProperty(containers, filters, async (plans, { place, pod, state, labels }) => {
      const subject = runtime();
      const stored = await subject.images.pull('127.0.0.1:1/x:1', new AbortController().signal);
      const pods = runPods(subject, [{}, {}]);
      const facts: Facts[] = [];
      for (const [at, plan] of plans.entries()) {
        const config = create(ContainerConfigSchema, { metadata: { name: `c-${String(at)}` }, labels: plan.labels });
        const podSandbox = subject.podSandboxes.get(pods[plan.pod]?.id ?? '');
        const container = subject.containers.create(podSandbox, config, stored);
        if (plan.state !== CONTAINER_CREATED) container.start();
        if (plan.state === CONTAINER_EXITED) await container.kill();
        facts.push({ id: container.id, podSandboxId: podSandbox.id, state: plan.state, labels: plan.labels });
      }

      const { id: podSandboxId } = idOf(pods, pod);
      const ids = { ...idOf(facts, place), ...(podSandboxId !== undefined && { podSandboxId }) };
      const filter = create(ContainerFilterSchema, {
        ...ids,
        ...(state !== undefined && { state: { state } }),
        labelSelector: labels,
      });
      const found = subject.containers.list().filter((each) => matchesContainer(each, filter));
      assert.deepEqual(
        found.map(({ id }) => id),
        naive(facts, { ...ids, ...(state !== undefined && { state }), labels }),
      );

      const statsFilter = create(ContainerStatsFilterSchema, { ...ids, labelSelector: labels });
      const measured = subject.containers.list().filter((each) => matchesContainerStats(each, statsFilter));
      assert.deepEqual(
        measured.map(({ id }) => id),
        naive(facts, { ...ids, state: CONTAINER_RUNNING, labels }),
      );
      await subject.close();
    }),
    { numRuns: 200 },
  );
});

test('an absent filter finds everything', async () => {
  const subject = runtime();
  const [ready, stopped] = runPods(subject, [{ app: 'a' }, {}]);
  await subject.stopPodSandbox(stopped?.id ?? '');
  assert.deepEqual(
    subject.podSandboxes.list().filter((pod) => matchesPodSandbox(pod, undefined)),
    [ready, stopped],
  );
});
