import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from '../model/comparison.ts';
import { compareTargets } from './compare-targets.ts';
import { simulatedReport, type Noise } from './simulated-report.testing.ts';

/**
 * How often comparisons are right, counted over whole simulated reports: 24 workloads in 20 rounds, each with a primary and
 * an exploratory figure, through the very function that compares the targets of a run. Rounds visit both targets one after
 * the other in balanced random order, as a benchmark does; what is simulated is each round's figure.
 */
const reports = 400;
const workloads = 24;

/** Each target's own figures scatter by 5 % from round to round, so their ratio by 7 %. */
const independent: Noise = { own: 0.05 };
/** What slows a target down in one round is to 40 % still there in the next; a disturbance of the machine outlives several visits. */
const autocorrelated: Noise = { own: 0.05, ownAutocorrelation: 0.4, machine: 0.05, machineAutocorrelation: 0.9 };
/** The machine gets 10 % slower in the course of the rounds. */
const drifting: Noise = { own: 0.05, drift: 0.1 };
/** Student's t with 3 degrees of freedom: one round in a hundred is off by more than 4.5 times 5 %. */
const heavyTailed: Noise = { own: 0.05, tails: 'heavy' };

const noises = { independent, autocorrelated, drifting, heavyTailed };

function* comparisons(
  noise: Noise,
  options: { readonly slowdown?: (workload: number) => number; readonly workloads?: number } = {},
): Generator<readonly Comparison[]> {
  for (let seed = 1; seed <= reports; seed++) {
    yield compareTargets(simulatedReport(noise, { seed, workloads, ...options }), { base: 'a', candidates: ['b'] });
  }
}

/** Share of all for which it holds. */
function share<T>(all: Iterable<T>, holds: (one: T) => boolean): number {
  const answers = [...all].map(holds);
  return answers.filter(Boolean).length / answers.length;
}

function* primaries(found: Iterable<readonly Comparison[]>): Generator<Comparison> {
  for (const report of found) yield* report.filter(({ primary }) => primary);
}

const isAlarm = ({ primary, verdict }: Comparison): boolean =>
  primary && (verdict === 'faster' || verdict === 'slower');
const isSlower = ({ verdict }: Comparison): boolean => verdict === 'slower';
const holdsOne = ({ low, high }: Comparison): boolean => low !== null && high !== null && low <= 1 && 1 <= high;

for (const [name, noise] of Object.entries(noises)) {
  test(`${name} noise: of 400 reports on the same against the same at most 5 % raise an alarm, and 93 to 97 % of intervals hold the truth`, (t) => {
    const found = [...comparisons(noise)];
    const alarms = share(found, (report) => report.some(isAlarm));
    assert.ok(alarms <= 0.05, `${String(alarms)} of the reports say faster or slower`);
    // Exploratory figures are told with their interval of 95 %, whatever the verdict.
    const exploratory = found.flatMap((report) => report.filter(({ primary }) => !primary));
    assert.ok(exploratory.every(({ confidence }) => Math.abs(confidence - 0.95) < 1e-9));
    const coverage = share(exploratory, holdsOne);
    assert.ok(coverage >= 0.93 && coverage <= 0.97, `${String(coverage)} of the intervals`);
    t.diagnostic(`alarms in ${String(alarms)} of the reports, coverage ${coverage.toFixed(4)}`);
  });
}

test('even without a noise threshold, and with noise of 20 %, at most 5 % of reports raise an alarm', (t) => {
  let alarms = 0;
  for (let seed = 1; seed <= reports; seed++) {
    const results = simulatedReport({ own: 0.2 }, { seed, workloads });
    if (compareTargets(results, { base: 'a', candidates: ['b'], threshold: 0 }).some(isAlarm)) alarms++;
  }
  assert.ok(alarms / reports <= 0.05, `${String(alarms)} of ${String(reports)}`);
  t.diagnostic(`alarms in ${String(alarms / reports)} of the reports`);
});

for (const [name, noise] of Object.entries({ independent, drifting })) {
  test(`${name} noise: a target that is 10 % slower is found out on 95 % of workloads, in whole reports and alone`, (t) => {
    const slowdown = (): number => 0.1;
    const found = share(primaries(comparisons(noise, { slowdown })), isSlower);
    const alone = share(primaries(comparisons(noise, { slowdown, workloads: 1 })), isSlower);
    t.diagnostic(`found on ${found.toFixed(4)} of 24 workloads, on ${alone.toFixed(4)} when it is the only one`);
    assert.ok(found >= 0.95, `found on ${String(found)} of the workloads`);
    assert.ok(alone >= 0.95, `alone on ${String(alone)}`);
  });
}

test('the only workload of 24 that is 10 % slower is found 95 % of the time when the ratio scatters by 5 %', (t) => {
  // The correction is at its hardest here: where each target scatters by 5 % (the ratio by 7 %) it is found 3 times of 4.
  const one = (workload: number): number => (workload === 3 ? 0.1 : 0);
  const [found, others] = [new Array<Comparison>(), new Array<Comparison>()];
  for (const comparison of primaries(comparisons({ own: 0.05 / Math.SQRT2, drift: 0.1 }, { slowdown: one }))) {
    (comparison.workload === 'workload-3' ? found : others).push(comparison);
  }
  assert.ok(share(found, isSlower) >= 0.95, String(share(found, isSlower)));
  assert.ok(share(others, isAlarm) <= 0.05 / (workloads - 1));
  t.diagnostic(`found in ${share(found, isSlower).toFixed(4)} of the reports`);
});

test('a target that is 10 % slower is called the same on at most 5 % of workloads, however they scatter', (t) => {
  for (const own of [0.01, 0.05, 0.1, 0.2]) {
    const slower = comparisons({ own }, { slowdown: () => 0.1 });
    const same = share(primaries(slower), ({ verdict }) => verdict === 'same');
    t.diagnostic(`scatter ${String(own)}: ${same.toFixed(4)}`);
    assert.ok(same <= 0.05, `scatter ${String(own)}: ${String(same)}`);
  }
});

test('the same is called the same on 90 % of workloads when their rounds scatter by 5 %', (t) => {
  const same = share(primaries(comparisons(independent)), ({ verdict }) => verdict === 'same');
  t.diagnostic(same.toFixed(4));
  assert.ok(same >= 0.9, String(same));
});

test('the same is called the same on 90 % of workloads when their rounds scatter by 1 %', (t) => {
  for (const [name, noise] of Object.entries(noises)) {
    const tight = { ...noise, own: 0.01, machine: (noise.machine ?? 0) / 5 };
    const same = share(primaries(comparisons(tight)), ({ verdict }) => verdict === 'same');
    t.diagnostic(`${name}: ${same.toFixed(4)}`);
    assert.ok(same >= 0.9, `${name}: ${String(same)}`);
  }
});
