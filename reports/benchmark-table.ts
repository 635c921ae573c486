import type { Comparison } from '../src/model/comparison.ts';
import type { Result } from '../src/model/result.ts';
import {
  loadLabel,
  type Arrival,
  type Load,
  type Measure,
  type OperationSummary,
  type WorkloadResult,
} from '../src/model/workload.ts';
import { groupBy } from './group-by.ts';
import { durationUnit, formatCount, type DurationUnit } from './quantity.ts';

/** One workload under one load on all targets, cells in the order of `result.targets`. */
export interface WorkloadTable {
  /** Unique in the result and fit for an anchor: `pod-lifecycle-c1`. */
  readonly label: string;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly load: Load;
  readonly primary: string;
  readonly cells: readonly (WorkloadResult | undefined)[];
  readonly operations: readonly OperationRow[];
  /** Measures that at least one round of one target has. */
  readonly measures: readonly MeasureRow[];
}

export interface OperationRow {
  readonly name: string;
  readonly description: string;
  readonly primary: boolean;
  /** One unit for all of the operation's figures. */
  readonly unit: DurationUnit;
  readonly cells: readonly (OperationSummary | undefined)[];
  readonly ratios: readonly (MedianRatio | undefined)[];
}

/** A figure that is no latency, on all targets. */
export interface MeasureRow {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly better: Measure['better'];
  readonly primary: boolean;
  readonly cells: readonly (MeasureCell | undefined)[];
  readonly ratios: readonly (MedianRatio | undefined)[];
}

export interface MeasureCell {
  /** Of the rounds; null where none has the figure. */
  readonly median: number | null;
  readonly rounds: number;
  readonly lowest?: number;
  readonly highest?: number;
}

/** Median of a target ÷ median of the first target: with the interval that a comparison gave, or plain, without any. */
export type MedianRatio =
  { readonly kind: 'plain'; readonly ratio: number } | { readonly kind: 'compared'; readonly comparison: Comparison };

export function workloadTables(result: Result): readonly WorkloadTable[] {
  return [...groupBy(result.workloads, (workload) => `${workload.id}-${loadLabel(workload.load)}`)].flatMap(
    ([label, workloads]) => {
      const [first] = workloads;
      if (!first) return [];
      const { id, title, description, load, primary } = first;
      const cells = result.targets.map(({ name }) => workloads.find(({ target }) => target === name));
      const operations = operationRows(result, first, cells);
      const measures = measureRows(result, first, cells);
      return [{ label, id, title, description, load, primary, cells, operations, measures }];
    },
  );
}

function operationRows(
  result: Result,
  first: WorkloadResult,
  workloads: readonly (WorkloadResult | undefined)[],
): readonly OperationRow[] {
  const operations = workloads.flatMap((workload) => workload?.operations ?? []);
  return [...groupBy(operations, ({ name }) => name)].map(([name, summaries]) => {
    const cells = workloads.map((workload) => workload?.operations.find((operation) => operation.name === name));
    return {
      name,
      description: summaries[0]?.description ?? '',
      primary: name === first.primary,
      unit: durationUnit(cells.flatMap((cell) => [cell?.p50Ns ?? cell?.maxNs ?? 0])),
      cells,
      ratios: cells.map((cell, index) =>
        index === 0
          ? undefined
          : ratioOf(result, first, { operation: name, metric: 'p50' }, [cells[0]?.p50Ns, cell?.p50Ns], index),
      ),
    };
  });
}

function measureRows(
  result: Result,
  first: WorkloadResult,
  workloads: readonly (WorkloadResult | undefined)[],
): readonly MeasureRow[] {
  const measures = workloads.flatMap((workload) => workload?.measures ?? []);
  return [...groupBy(measures, ({ name }) => name)].flatMap(([name, same]) => {
    const [declared] = same;
    if (!declared) return [];
    const { description, unit, better } = declared;
    const cells = workloads.map((workload) => measureCell(workload, name));
    if (cells.every((cell) => cell === undefined || cell.rounds === 0)) return [];
    const ratios = cells.map((cell, index) =>
      index === 0
        ? undefined
        : ratioOf(result, first, { operation: name, metric: 'value' }, [cells[0]?.median, cell?.median], index),
    );
    return [{ name, description, unit, better, primary: name === first.primary, cells, ratios }];
  });
}

function measureCell(workload: WorkloadResult | undefined, name: string): MeasureCell | undefined {
  const summary = workload?.measures.find((measure) => measure.name === name);
  if (!workload || !summary) return undefined;
  const values = workload.rounds.flatMap(
    (round) => round?.measures.filter((measure) => measure.name === name).map(({ value }) => value) ?? [],
  );
  return {
    median: summary.median,
    rounds: values.length,
    ...(values.length === 0 ? {} : { lowest: Math.min(...values), highest: Math.max(...values) }),
  };
}

/** The comparison of a figure of a candidate with the first target, where there is one; else what the two medians make. */
function ratioOf(
  { comparisons, targets }: Result,
  { id, load }: WorkloadResult,
  { operation, metric }: Pick<Comparison, 'operation' | 'metric'>,
  [base, candidate]: readonly [number | null | undefined, number | null | undefined],
  candidateIndex: number,
): MedianRatio | undefined {
  const comparison = comparisons.find(
    (entry) =>
      entry.workload === id &&
      loadLabel(entry.load) === loadLabel(load) &&
      entry.operation === operation &&
      entry.metric === metric &&
      entry.base === targets[0]?.name &&
      entry.candidate === targets[candidateIndex]?.name,
  );
  if (comparison) return { kind: 'compared', comparison };
  if (base == null || candidate == null || base <= 0 || candidate < 0) return undefined;
  return { kind: 'plain', ratio: candidate / base };
}

/** A load in words: `4 in flight`, `10 starts a second at random, beside 50 idle pods`. */
export function loadWords(load: Load): string {
  const beside = load.population === undefined ? '' : `, beside ${formatCount(load.population, 'idle pod')}`;
  switch (load.model) {
    case 'closed':
      return `${String(load.concurrency)} in flight${beside}`;
    case 'open':
      return `${formatCount(load.ratePerSecond, 'start')} a second${arrivalWords[load.arrival]}${beside}`;
  }
}

const arrivalWords: Readonly<Record<Arrival, string>> = {
  constant: '',
  poisson: ' at random',
  stepped: ', reached in four steps',
};
