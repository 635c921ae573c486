import type { Result } from '../../src/model/result.ts';
import { workloadTables, type OperationRow, type WorkloadTable } from '../benchmark-table.ts';
import { roundMedians, type RoundMedian } from '../round-medians.ts';
import type { Plot } from './plot.ts';

/** The two pictures of an operation are some 17 kB: so many keep a page small enough to be sent on. */
const mostPictures = 24;

/** What one operation looks like on all targets, and the figures behind it. */
export interface OperationPicture {
  readonly distribution: Plot;
  readonly rounds: Plot | undefined;
  /** By target, in the order of `result.targets`; empty where the target has none. */
  readonly medians: readonly (readonly RoundMedian[])[];
}

/** Pictures by what `pictureKey` says of an operation. */
export type Pictures = ReadonlyMap<string, OperationPicture>;

export function pictureKey(table: WorkloadTable, operation: OperationRow): string {
  return `${table.label} ${operation.name}`;
}

/**
 * Pictures of operations with enough samples for a median, primary operations first.
 * Drawing is the one thing that takes time, and a library of its own: a result without benchmarks does without both.
 */
export async function drawPictures(result: Result): Promise<Pictures> {
  const all = workloadTables(result).flatMap((table) =>
    table.operations
      .filter(({ cells }) => cells.some((cell) => cell !== undefined && cell.p50Ns !== null))
      .map((operation) => ({ table, operation })),
  );
  const chosen = all
    .toSorted((a, b) => Number(b.operation.primary) - Number(a.operation.primary))
    .slice(0, mostPictures);
  if (chosen.length === 0) return new Map();

  const { drawDistribution, drawRounds } = await import('./plot.ts');
  const pictures = new Map<string, OperationPicture>();
  for (const { table, operation } of chosen) {
    const { name, unit, cells } = operation;
    const medians = table.cells.map((workload) => (workload ? roundMedians(workload, name) : []));
    const inUnit = (valueNs: number) => Math.max(1, valueNs) / unit.ns;
    const distribution = await drawDistribution(
      cells.flatMap((cell, targetIndex) =>
        cell && cell.quantiles.length > 0
          ? [
              {
                targetIndex,
                points: cell.quantiles.map(({ quantile, valueNs }) => ({ x: inUnit(valueNs), y: quantile })),
              },
            ]
          : [],
      ),
      unit,
    );
    const overRounds = medians.flatMap((points, targetIndex) =>
      points.some(({ medianNs }) => medianNs !== null)
        ? [
            {
              targetIndex,
              points: points.map(({ index, medianNs }) => ({
                x: index + 1,
                y: medianNs === null ? null : inUnit(medianNs),
              })),
            },
          ]
        : [],
    );
    const rounds = overRounds.length === 0 ? undefined : await drawRounds(overRounds, unit);
    pictures.set(pictureKey(table, operation), { distribution, rounds, medians });
  }
  return pictures;
}
