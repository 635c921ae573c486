import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalogue } from '../../conformance/catalogue.ts';
import type { RunEvent } from '../../model/event.ts';
import { runEventSchema } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import { knownMinors } from '../../model/purpose.ts';
import type { Readiness } from '../../model/result.ts';
import type { Target } from '../../model/target.ts';
import { foldResult } from '../fold.ts';
import {
  aTarget,
  everyOutcome,
  failedAt,
  finished,
  mustFail,
  passed,
  probed,
  runFinished,
  runStarted,
} from '../judge-samples.ts';
import { isNeeded, requirementOf } from './needed-cases.ts';
import { requirements } from './requirements.ts';

const minor = knownMinors.last;
const catalogue = (await loadCatalogue()).cases.map(({ declaration }) => declaration);
const needed = catalogue.filter((declaration) => isNeeded(declaration, { kind: 'kubernetes', minor }));
const fit = aTarget('a', {
  features: ['condition:NetworkReady', 'sandbox-image', 'sandbox-image-pinned'].map((name) => ({
    name,
    present: true,
    detail: 'seen',
  })),
  configuration: { cgroupDriver: 'systemd' },
});

interface Change {
  readonly outcomes?: Readonly<Record<string, Outcome>>;
  readonly flaky?: readonly string[];
  readonly target?: Target;
  /** Ids that the run did not ask. */
  readonly unasked?: readonly string[];
  readonly kubelet?: 'systemd' | 'cgroupfs';
  readonly expectations?: Parameters<typeof foldResult>[1];
}

/** The events of a run for a node, as they come back from a journal. */
function eventsOf({ outcomes = {}, flaky = [], target = fit, unasked = [], kubelet }: Change): readonly RunEvent[] {
  const asked = needed.filter(({ id }) => !unasked.includes(id));
  const events: readonly RunEvent[] = [
    runStarted,
    probed(target),
    {
      type: 'planned',
      targets: ['a'],
      cases: asked,
      observationKeys: [],
      workloads: [],
      rounds: 0,
      node: {
        minor,
        caseIds: needed.map(({ id }) => id),
        ...(kubelet === undefined ? {} : { kubelet: { cgroupDriver: kubelet } }),
      },
    },
    ...asked.map(({ id }) => ({
      ...finished('a', id, outcomes[id] ?? passed),
      ...(flaky.includes(id) ? { flaky: true } : {}),
    })),
    runFinished(),
  ];
  return events.map((event) => runEventSchema.parse(JSON.parse(JSON.stringify(event))));
}

function readiness(change: Change): Readiness {
  const [found] = foldResult(eventsOf(change), change.expectations ?? []).readiness ?? [];
  assert.ok(found);
  return found;
}

function reason(found: Readiness, requirement: string): Readiness['reasons'][number] {
  const one = found.reasons.find((entry) => entry.requirement === requirement);
  assert.ok(one, requirement);
  return one;
}

const perfect = readiness({});

test('a runtime that keeps every promise is ready, and each sentence names its cases', () => {
  assert.equal(perfect.verdict, 'ready');
  assert.deepEqual(new Set(perfect.reasons.map(({ finding }) => finding)), new Set(['met']));
  const named = perfect.reasons.flatMap(({ caseIds }) => caseIds);
  assert.deepEqual([...named].sort(), needed.map(({ id }) => id).sort());
});

for (const { id, level } of needed) {
  const requirement = requirementOf(id);
  test(`${id} flips the sentence of ${requirement?.id ?? 'nothing'}, and no other`, () => {
    assert.ok(requirement);
    const found = readiness({ outcomes: { [id]: failedAt('one') } });
    const blocks = level === 'required' && requirement.severity === 'blocker';
    assert.equal(found.verdict, blocks ? 'not-ready' : 'ready-with-caveats');
    const flipped = reason(found, requirement.id);
    assert.deepEqual(flipped.caseIds, [id]);
    assert.equal(flipped.finding, blocks ? 'blocker' : 'caveat');
    assert.notEqual(flipped.text, reason(perfect, requirement.id).text);
    assert.equal(found.reasons[0], flipped, 'it comes first');
    const others = (of: Readiness) => of.reasons.filter((entry) => entry.requirement !== requirement.id);
    assert.deepEqual(others(found), others(perfect));
  });
}

test('a known deviation weighs as much as a new one', () => {
  const outcomes = { 'log/record/format': failedAt('one') };
  assert.deepEqual(readiness({ outcomes, expectations: [mustFail(['log/record/format'])] }), readiness({ outcomes }));
});

for (const outcome of everyOutcome) {
  test(`of several cases, one that is ${outcome.status} speaks for itself`, () => {
    const found = reason(readiness({ outcomes: { 'log/record/format': outcome } }), 'log-format');
    const findings = { passed: 'met', failed: 'blocker', 'runtime-died': 'blocker' } as const;
    const expected = outcome.status in findings ? findings[outcome.status as keyof typeof findings] : 'not-verified';
    assert.equal(found.finding, expected);
  });
}

test('what this host cannot show is named as not verified, with what it lacks', () => {
  const outcome: Outcome = { status: 'skipped', missing: ['processes'], reason: 'no' };
  const found = readiness({ outcomes: { 'exec-sync/timeout': outcome } });
  assert.equal(found.verdict, 'ready-with-caveats');
  const { finding, text, caseIds } = reason(found, 'exec-timeout');
  assert.deepEqual({ finding, caseIds }, { finding: 'not-verified', caseIds: ['exec-sync/timeout'] });
  assert.match(text, /^Not verified: whether it honours the time-out .*\(for want of processes\)$/);
});

test('what the run did not ask is not verified either', () => {
  const { finding, text } = reason(readiness({ unasked: ['exec-sync/timeout'] }), 'exec-timeout');
  assert.equal(finding, 'not-verified');
  assert.match(text, /\(not asked in this run\)$/);
});

test('passing on a retry only is no proof', () => {
  const { finding, text } = reason(readiness({ flaky: ['log/record/format'] }), 'log-format');
  assert.equal(finding, 'not-verified');
  assert.match(text, /by 1 of \d+ cases: .*no clear answer/);
});

test('a runtime that never once ran a pod is not ready, although nothing is proven against it', () => {
  const outcome: Outcome = { status: 'errored', phase: 'setup', message: 'no', transcript: [] };
  const found = readiness({ outcomes: Object.fromEntries(needed.map(({ id }) => [id, outcome])) });
  assert.equal(found.verdict, 'not-ready');
  assert.match(reason(found, 'pod-lifecycle').text, /not once seen/);
});

test('another client that interfered proves nothing', () => {
  const outcome: Outcome = { status: 'errored', phase: 'foreign-interference', message: 'no', transcript: [] };
  const { finding } = reason(readiness({ outcomes: { 'exec-sync/timeout': outcome } }), 'exec-timeout');
  assert.equal(finding, 'not-verified');
});

test('the cgroup driver must be that of the kubelet', () => {
  assert.equal(readiness({ kubelet: 'systemd' }).verdict, 'ready');
  const found = readiness({ kubelet: 'cgroupfs' });
  assert.equal(found.verdict, 'not-ready');
  assert.match(reason(found, 'cgroup-driver').text, /is systemd, and the kubelet's is cgroupfs/);
});

test('a target that was never reached or that died is not ready', () => {
  const gone = readiness({ target: { ...fit, state: 'unreachable', problem: 'no such socket' } });
  assert.equal(gone.verdict, 'not-ready');
  assert.deepEqual(
    gone.reasons.map(({ text }) => text),
    ['It could not be reached: no such socket'],
  );
  const died = readiness({ target: { ...fit, state: 'died', problem: 'gone' } });
  assert.equal(died.reasons[0]?.text, 'It died during the run: gone');
});

test('there is no readiness without a version of Kubernetes, nor for the simulator in place of a runtime', () => {
  const events = eventsOf({});
  const without = events.map((event) => (event.type === 'planned' ? { ...event, node: undefined } : event));
  assert.equal(foldResult(without, []).readiness, undefined);
  const message = 'instead';
  const simulated: RunEvent = { type: 'warned', warning: { kind: 'simulator-instead-of-runtime', message } };
  assert.equal(foldResult([...events, simulated], []).readiness, undefined);
});

test('requirements have names of their own', () => {
  assert.equal(new Set(requirements.map(({ id }) => id)).size, requirements.length);
});
