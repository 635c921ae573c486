import type { CaseResult } from '../model/case.ts';
import type { Expectation } from '../model/expectation.ts';
import type { Target } from '../model/target.ts';
import { warningSchema } from '../model/warning.ts';
import type { Warning } from '../model/warning.ts';

/** Each warning once, the gravest kind first: the order in which the model lists the kinds. */
export function orderWarnings(warnings: readonly Warning[]): Warning[] {
  const kinds = warningSchema.shape.kind.options;
  const keyOf = ({ kind, target = '', subject = '', message }: Warning): string =>
    [String(kinds.indexOf(kind)).padStart(2, '0'), target, subject, message].join('\n');
  const byKey = new Map(warnings.map((warning) => [keyOf(warning), warning]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, warning]) => warning);
}

/** Runtimes of which failures came up and nothing is known: each failure may be a known deviation that nobody wrote down. */
export function unknownRuntimeWarnings(
  cases: readonly CaseResult[],
  targets: readonly Target[],
  expectations: readonly Expectation[],
): readonly Warning[] {
  return targets.flatMap(({ name, runtimeName }): Warning[] => {
    const failures = cases.filter(({ target, verdict }) => target === name && verdict === 'unexpected-failure').length;
    if (failures === 0 || expectations.some(({ runtime }) => runtime === runtimeName)) return [];
    const message = `there are no expectations for ${runtimeName}, so each of its ${String(failures)} failures counts as unexpected`;
    return [{ kind: 'no-expectations', target: name, message }];
  });
}
