import type { Figure } from './figures.ts';

/** What a comparison rests on, as natural logarithms: rounds that belong together, or two samples that do not. */
export type Samples =
  | { readonly kind: 'paired'; readonly differences: readonly number[] }
  | { readonly kind: 'unpaired'; readonly base: readonly number[]; readonly candidate: readonly number[] }
  /** Why there is nothing to compare, for whoever reads the comparison. */
  | { readonly kind: 'none'; readonly problem: string };

/** A figure and whose it is. */
export interface Side {
  readonly name: string;
  readonly figure: Figure | undefined;
}

/** More failed calls than this, and those that succeeded are a selection: the fast ones, or the lucky ones. */
const mostFailures = 0.05;

/** The ratios candidate ÷ base of the rounds that both were measured in. */
export function pairedSamples(base: Side, candidate: Side): Samples {
  const problem = unfit(base) ?? unfit(candidate);
  if (problem !== undefined) return { kind: 'none', problem };
  const ratios = logRatios(base, candidate);
  return 'problem' in ratios ? { kind: 'none', ...ratios } : { kind: 'paired', differences: ratios.logs };
}

/** Rounds of two runs, which have nothing to do with each other. */
export function unpairedSamples(base: Side, candidate: Side): Samples {
  const problem = unfit(base) ?? unfit(candidate);
  if (problem !== undefined) return { kind: 'none', problem };
  const [below, above] = [logsOf(base), logsOf(candidate)];
  if ('problem' in below) return { kind: 'none', ...below };
  if ('problem' in above) return { kind: 'none', ...above };
  return { kind: 'unpaired', base: below.logs, candidate: above.logs };
}

/** Rounds of two runs, each against the rounds of the control that was measured beside it: what differs between the nights cancels. */
export function controlledSamples(
  base: { readonly side: Side; readonly control: Side },
  candidate: { readonly side: Side; readonly control: Side },
): Samples {
  const problem = unfit(base.side) ?? unfit(candidate.side) ?? unfit(base.control) ?? unfit(candidate.control);
  if (problem !== undefined) return { kind: 'none', problem };
  const [below, above] = [logRatios(base.control, base.side), logRatios(candidate.control, candidate.side)];
  if ('problem' in below) return { kind: 'none', ...below };
  if ('problem' in above) return { kind: 'none', ...above };
  return { kind: 'unpaired', base: below.logs, candidate: above.logs };
}

type Logs = { readonly logs: readonly number[] } | { readonly problem: string };

function unfit({ name, figure }: Side): string | undefined {
  if (figure === undefined) return `${name} has no such figure`;
  if (figure.problem !== undefined) return `there is no figure of ${name}: ${figure.problem}`;
  if (figure.failedShare <= mostFailures) return undefined;
  return `${(figure.failedShare * 100).toFixed(0)} % of the calls failed on ${name}, and what is left is no fair sample`;
}

function logRatios(base: Side, candidate: Side): Logs {
  const pairs = [...(candidate.figure?.values ?? [])].flatMap(([index, value]) => {
    const against = base.figure?.values.get(index);
    return against === undefined ? [] : [[against, value] as const];
  });
  // Nothing against nothing is no difference; nothing against something is one that no ratio tells.
  const without = pairs.filter(([one, other]) => one !== other && (one <= 0 || other <= 0)).length;
  if (without > 0) return { problem: noRatio(without, pairs.length) };
  return { logs: pairs.map(([one, other]) => (one === other ? 0 : Math.log(other / one))) };
}

function logsOf({ figure }: Side): Logs {
  const values = [...(figure?.values.values() ?? [])];
  const without = values.filter((value) => value <= 0).length;
  return without > 0 ? { problem: noRatio(without, values.length) } : { logs: values.map(Math.log) };
}

function noRatio(without: number, rounds: number): string {
  return `in ${String(without)} of ${String(rounds)} rounds a value is 0 or less, of which no ratio can be taken`;
}
