import type { Result } from '../src/model/result.ts';
import { caseAreas } from './case-table.ts';
import { faultsBefore } from './marked-faults.ts';
import { observationRows } from './observation-table.ts';
import { formatCount, joinWords } from './quantity.ts';

/** What a reader must know before anything else. */
export interface Banner {
  readonly title: string;
  readonly text: string;
}

export function banners(result: Result): readonly Banner[] {
  const simulated = result.warnings.filter(({ kind }) => kind === 'simulator-instead-of-runtime');
  return [
    ...simulated.map(({ message }) => ({ title: 'This is the simulator, not a container runtime', text: message })),
    ...faultBanner(result),
    ...(result.run.complete
      ? []
      : [
          {
            title: 'This run is not complete',
            text: result.run.incompleteReason ?? 'It ended before it was done, and no reason was recorded.',
          },
        ]),
  ];
}

function faultBanner({ targets }: Result): readonly Banner[] {
  const faulty = targets.flatMap((target) => {
    const faults = faultsBefore(target);
    return faults.length === 0 ? [] : [`${joinWords(faults)} before ${target.name}`];
  });
  if (faulty.length === 0) return [];
  return [
    {
      title: faulty.length === 1 ? 'A fault is on' : 'Faults are on',
      text: `crible put ${joinWords(faulty)} on purpose. What is found there is the fault, and says nothing about the runtime behind it.`,
    },
  ];
}

/** What the run says about all targets together, but for their speed. */
export function runSentences(result: Result): readonly string[] {
  const brokenGates = result.gates.filter(({ broken }) => broken);
  return [
    ...(result.targets.length > 1 ? [...caseSentence(result), ...observationSentence(result)] : []),
    ...(result.gates.length === 0
      ? []
      : [
          brokenGates.length === 0
            ? `All ${formatCount(result.gates.length, 'gate')} held.`
            : `${String(brokenGates.length)} of ${formatCount(result.gates.length, 'gate')} broke: ${joinWords(brokenGates.map(({ text }) => text))}.`,
        ]),
    ...(result.warnings.length === 0
      ? []
      : [`${formatCount(result.warnings.length, 'warning')} may lower the trust that this report deserves.`]),
  ];
}

function caseSentence(result: Result): readonly string[] {
  const rows = caseAreas(result).flatMap((area) => area.rows);
  if (rows.length === 0) return [];
  const differing = rows.filter(({ differs }) => differs).length;
  const cases = formatCount(rows.length, 'case');
  return [
    differing === 0
      ? `The targets came out alike in all of ${cases}.`
      : `The targets came out differently in ${String(differing)} of ${cases}.`,
  ];
}

function observationSentence(result: Result): readonly string[] {
  const rows = observationRows(result);
  if (rows.length === 0) return [];
  const differing = rows.filter(({ differs }) => differs).length;
  const behaviours = formatCount(rows.length, 'observed behaviour');
  return [
    differing === 0
      ? `They show no difference in ${behaviours}.`
      : `They differ in ${String(differing)} of ${behaviours}, which breaks no promise but may matter to a workload.`,
  ];
}
