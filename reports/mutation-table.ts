import { killersOf, mutationProblems, tallyMutation } from '../src/judge/mutation.ts';
import type { Mutation, ProvenCase } from '../src/model/mutation.ts';
import { markdownTable, markdownText } from './markdown-text.ts';

/** The proof that cases can fail, as a table for people: what kills each case, what no fault reaches, what each fault breaks. */
export function mutationTable(mutation: Mutation, before?: Mutation): string {
  const { grounds, pairs, cases, faults, startedAt, sample, seed } = mutation;
  const again = pairs.filter((pair) => pair.again).length;
  const { killed, survived, unreachable, expectations, unproven } = tallyMutation(mutation);
  const problems = mutationProblems(mutation, before);
  const named = grounds.map(
    ({ on, spec, runtimeName, runtimeVersion }) =>
      `${markdownText(`${runtimeName} ${runtimeVersion}`)} (${on}, ${markdownText(spec)})`,
  );
  return [
    '# What makes each case fail',
    '',
    `${startedAt.slice(0, 10)}, before ${named.join(' and ')}. ` +
      (sample === undefined ? '' : `A sample: ${String(sample)} pairs chosen by seed ${String(seed)}. `) +
      `${String(pairs.length)} pairs of a case and a fault, ${String(faults.length)} faults, ${String(killersOf(pairs).size)} expectations seen failing.` +
      (again === 0 ? '' : ` Of the pairs ${String(again)} proved nothing beside others and were asked again alone.`),
    '',
    markdownTable(
      ['cases killed', 'survived', 'unreachable here', 'expectations asked', 'never seen failing'],
      [[killed, survived, unreachable, expectations, unproven].map(String)],
    ),
    '',
    ...(problems.length === 0
      ? []
      : ['## Problems', '', ...problems.map((problem) => `- ${markdownText(problem)}`), '']),
    '## Cases',
    '',
    'A case is killed when it fails at an expectation of its body while one promise is broken. The key of that expectation follows the fault; `sim` marks proofs before the simulator.',
    '',
    markdownTable(
      ['case', 'killed by', 'never seen failing'],
      cases.map((one) => [markdownText(one.id), proofsOf(one), one.unproven.map(markdownText).join(', ')]),
    ),
    '',
    '## Faults',
    '',
    markdownTable(
      ['fault', 'which promise it breaks', 'kills', 'alone kills'],
      faults.map(({ name, breaks, kills, onlyKillerOf, reason }) => [
        markdownText(name),
        markdownText(breaks),
        String(kills),
        onlyKillerOf.length > 0 ? String(onlyKillerOf.length) : markdownText(reason ?? ''),
      ]),
    ),
    '',
  ].join('\n');
}

function proofsOf({ state, reason, proofs }: ProvenCase): string {
  switch (state) {
    case 'killed':
      return proofs
        .map(
          ({ fault, key, on }) => `${markdownText(fault)}: ${markdownText(key)}${on === 'simulator' ? ' (sim)' : ''}`,
        )
        .join('<br>');
    case 'survived':
      return '**survived**';
    case 'unreachable-here':
      return `unreachable here: ${markdownText(reason ?? '')}`;
  }
}
