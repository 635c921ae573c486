import { messageOf } from '../model/error.ts';
import type { Warning } from '../model/warning.ts';
import { loadLabel, type WorkloadResult } from '../model/workload.ts';
import { samplesToBound } from '../statistics/percentile-bound.ts';
import { arrivalWarnings } from './arrival-warnings.ts';
import { costWarnings } from './cost-warnings.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import type { Series } from './series.ts';
import { percentiles } from './summary.ts';

/** Why the figures of a result deserve less trust than they seem to. */
export function warningsOf(series: Series, result: WorkloadResult): readonly Warning[] {
  const about = { target: series.target, subject: series.declaration.id };
  const warn = (kind: Warning['kind'], message: string | undefined): readonly Warning[] =>
    message === undefined ? [] : [{ kind, message: `${loadLabel(series.load)}: ${message}`, ...about }];
  return [
    ...warn('lost-round', lostRounds(series)),
    ...warn('failed-calls', failedCalls(result)),
    ...warn('too-few-samples', tooFewSamples(result)),
    ...costWarnings(result).flatMap(({ kind, message }) => warn(kind, message)),
    ...arrivalWarnings(series, result).flatMap(({ kind, message }) => warn(kind, message)),
    ...warn('stall-hidden', hiddenStall(result)),
  ];
}

function lostRounds({ visits, plannedRounds }: Series): string | undefined {
  const lost = visits.flatMap(({ visit }) => {
    if (visit.kind === 'lost') return [visit.problem];
    return visit.kind === 'unbegun' ? [`what the round begins with failed: ${messageOf(visit.error)}`] : [];
  });
  const [first] = lost;
  if (first === undefined) return undefined;
  return `${String(lost.length)} of ${String(plannedRounds)} rounds were lost and are left out, the first one to: ${first}`;
}

function failedCalls({ status, operations, errors }: WorkloadResult): string | undefined {
  // One that failed altogether has its reason in the result.
  if (status !== 'measured') return undefined;
  const failed = operations.filter(({ failures }) => failures > 0);
  const [error] = errors;
  if (error === undefined) return undefined;
  const counts = failed.map(
    ({ name, count, failures }) => `${String(failures)} of ${String(count + failures)} ${name}`,
  );
  return `${counts.join(', ') || 'iterations'} failed and are in no latency; the first error of ${error.operation}: ${error.message}`;
}

function tooFewSamples({ status, operations }: WorkloadResult): string | undefined {
  if (status !== 'measured') return undefined;
  // What was never called, since this runtime lacks it, has no percentile to withhold.
  const called = operations.filter(({ count, failures }) => count + failures > 0);
  const least = Math.min(...called.map(({ count }) => count));
  const withheld = Object.entries(percentiles)
    .filter(([, quantile]) => least < samplesToBound(quantile))
    .map(([field, quantile]) => `${field.replace('Ns', '')} (wants ${String(samplesToBound(quantile))})`);
  if (withheld.length === 0) return undefined;
  return `${String(least)} samples of an operation cannot bound ${withheld.join(' or ')}; percentiles without enough samples are left out`;
}

/** A stall is told when, seen from a steady stream of callers, a percentile would be more than so many times what it is. */
const hiddenFactor = 3;

/**
 * Coordinated omission: while the runtime stalls, a closed load asks nothing, so a stall however long is one latency for each
 * in flight. It is told when the percentiles that the samples can bound would change much had callers come steadily, at the
 * interval of the round that stalled least.
 */
function hiddenStall({ load, rounds, operations, primary }: WorkloadResult): string | undefined {
  const summary = operations.find(({ name }) => name === primary);
  if (load.model !== 'closed' || summary === undefined) return undefined;
  const measured = rounds.filter((round) => round !== null);
  const fastest = Math.max(0, ...measured.map(({ ratePerSecond = 0 }) => ratePerSecond));
  const told =
    summary.p99Ns === null ? (['p90', 0.9, summary.p90Ns] as const) : (['p99', 0.99, summary.p99Ns] as const);
  const [name, quantile, valueNs] = told;
  if (fastest === 0 || valueNs === null || summary.maxNs === null) return undefined;

  const latencies = new LatencyHistogram();
  for (const { operations: all } of measured) {
    for (const operation of all) if (operation.name === primary) latencies.add(operation);
  }
  const steadyNs = latencies.steadyValueAtNs(quantile, (load.concurrency / fastest) * 1e9);
  if (steadyNs < hiddenFactor * valueNs) return undefined;
  return (
    `the longest ${primary} took ${ms(summary.maxNs)}, yet ${name} is ${ms(valueNs)}: while one call stalled nothing new was asked, ` +
    `so the stall is in few samples (coordinated omission). Callers at a steady rate would have seen a ${name} of about ` +
    `${ms(steadyNs)}; measure with --rate to see it`
  );
}

function ms(ns: number): string {
  return `${(ns / 1e6).toPrecision(3)} ms`;
}
