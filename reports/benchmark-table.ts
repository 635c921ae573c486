import type { Comparison } from '../src/model/comparison.ts';
import type { Result } from '../src/model/result.ts';
import { loadLabel, type Load, type OperationSummary, type WorkloadResult } from '../src/model/workload.ts';
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
      return [{ label, id, title, description, load, primary, cells, operations: operationRows(result, first, cells) }];
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
        index === 0 ? undefined : medianRatio(result, first, name, cells[0], cell, index),
      ),
    };
  });
}

function medianRatio(
  { comparisons, targets }: Result,
  { id, load }: WorkloadResult,
  operation: string,
  base: OperationSummary | undefined,
  candidate: OperationSummary | undefined,
  candidateIndex: number,
): MedianRatio | undefined {
  const comparison = comparisons.find(
    (entry) =>
      entry.workload === id &&
      loadLabel(entry.load) === loadLabel(load) &&
      entry.operation === operation &&
      entry.metric === 'p50' &&
      entry.base === targets[0]?.name &&
      entry.candidate === targets[candidateIndex]?.name,
  );
  if (comparison) return { kind: 'compared', comparison };
  if (base?.p50Ns == null || candidate?.p50Ns == null || base.p50Ns === 0) return undefined;
  return { kind: 'plain', ratio: candidate.p50Ns / base.p50Ns };
}

/** A load in words: `4 in flight`. */
export function loadWords(load: Load): string {
  switch (load.model) {
    case 'closed':
      return `${String(load.concurrency)} in flight`;
    case 'open':
      return `${formatCount(load.ratePerSecond, 'start')} a second`;
  }
}
