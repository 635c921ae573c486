import { loadLabel, type Load, type WorkloadResult } from '../model/workload.ts';
import { histogramMedianNs } from '../statistics/histogram-median.ts';

/** What is compared of a workload under a load: the median of an operation's latencies, or a measure, round by round. */
export interface Figure {
  readonly workload: string;
  readonly revision: number;
  readonly load: Load;
  readonly operation: string;
  readonly metric: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  readonly primary: boolean;
  /** By the round's index; without the rounds that were lost or in which nothing succeeded. */
  readonly values: ReadonlyMap<number, number>;
  /** Share of the operation's calls that failed. */
  readonly failedShare: number;
  /** Why there are no values, when the workload was not measured. */
  readonly problem?: string;
}

/** Figures are of one thing when their keys are equal. */
export function figureKey({
  workload,
  load,
  operation,
  metric,
}: Pick<Figure, 'workload' | 'load' | 'operation' | 'metric'>): string {
  return `${workload}@${loadLabel(load)}/${operation}.${metric}`;
}

/** All figures of the workloads of one target, by their keys. */
export function figuresOf(workloads: readonly WorkloadResult[], target: string): ReadonlyMap<string, Figure> {
  const figures = workloads
    .filter((workload) => workload.target === target)
    .flatMap((workload) => [...latencyFigures(workload), ...measureFigures(workload)]);
  return new Map(figures.map((figure) => [figureKey(figure), figure]));
}

function latencyFigures(workload: WorkloadResult): readonly Figure[] {
  return workload.operations.map(({ name, count, failures }) => ({
    ...common(workload),
    operation: name,
    metric: 'p50',
    unit: 'ns',
    better: 'lower',
    primary: name === workload.primary,
    values: valuesOf(workload, ({ operations }) => {
      const round = operations.find((operation) => operation.name === name);
      return round === undefined ? null : histogramMedianNs(round);
    }),
    failedShare: failures === 0 ? 0 : failures / (count + failures),
  }));
}

function measureFigures(workload: WorkloadResult): readonly Figure[] {
  return workload.measures.map(({ name, unit, better }) => ({
    ...common(workload),
    operation: name,
    metric: 'value',
    unit,
    better,
    primary: name === workload.primary,
    values: valuesOf(workload, ({ measures }) => measures.find((measure) => measure.name === name)?.value ?? null),
    failedShare: 0,
  }));
}

function common({
  id,
  revision,
  load,
  status,
  reason,
}: WorkloadResult): Pick<Figure, 'workload' | 'revision' | 'load' | 'problem'> {
  return { workload: id, revision, load, ...(status === 'measured' ? {} : { problem: reason ?? status }) };
}

function valuesOf(
  { rounds }: WorkloadResult,
  valueOf: (round: NonNullable<WorkloadResult['rounds'][number]>) => number | null,
): ReadonlyMap<number, number> {
  return new Map(
    rounds.flatMap((round) => {
      const value = round === null ? null : valueOf(round);
      return round === null || value === null ? [] : [[round.index, value]];
    }),
  );
}

/** What neither measured is nothing to compare, and of what one did not measure the primary tells enough. */
export function worthAsking(base: Figure | undefined, candidate: Figure | undefined): Figure | undefined {
  const measured = [base, candidate].filter((figure) => figure !== undefined && figure.problem === undefined);
  const [figure] = measured;
  return measured.length === 2 || figure?.primary ? figure : undefined;
}
