import { mutationTable } from '../../../reports/mutation-table.ts';
import { loadCatalogue } from '../../conformance/catalogue.ts';
import { faults } from '../../faults/catalogue.ts';
import { judgePair, killersOf, mutationProblems, provenCases, tallyMutation } from '../../judge/mutation.ts';
import { Ledger } from '../../kit/ledger.ts';
import { mutationSchema } from '../../model/mutation.ts';
import type { Mutation } from '../../model/mutation.ts';
import type { ExitReason } from '../../model/result.ts';
import { parseTarget } from '../../model/target.ts';
import { requireConsent } from '../host-sockets.ts';
import { OutputFolder } from '../output/output-folder.ts';
import { oneLine } from '../printable.ts';
import { toolVersion } from '../project.ts';
import { leaveClean } from '../run/leave-clean.ts';
import { Provisions } from '../run/provisions.ts';
import { newRunId } from '../run/run-id.ts';
import type { Shell } from '../shell.ts';
import { askPairs } from './ask-pairs.ts';
import type { Answers } from './ask-pairs.ts';
import { openGrounds } from './grounds.ts';
import type { OpenGround } from './grounds.ts';
import { declaredPairs, selectFaults } from './pairs.ts';
import { mutationFile, readMutation } from './read-mutation.ts';
import type { MutationRequest } from './request.ts';

/**
 * Puts faults before a runtime and tells which cases notice.
 * @returns 'conformance' when a case that can be reached was not seen to fail, or less is proven than before
 */
export async function performMutation(request: MutationRequest, shell: Shell): Promise<ExitReason> {
  const startedAt = new Date();
  const runId = newRunId(startedAt);
  const seed = request.seed ?? Math.floor(Math.random() * 2 ** 31);
  const selected = selectFaults(faults, request.fault);
  const pairs = declaredPairs(selected, request, seed);
  const partial = request.sample !== undefined || request.fault.length + request.select.length > 0;
  const wanted = new Set(pairs.map(({ caseId }) => caseId));
  const cases = (await loadCatalogue()).cases.filter(
    ({ declaration: { id } }) => !partial || request.collateral || wanted.has(id),
  );
  const before = request.out === undefined ? undefined : readMutation(request.out);
  const { signal } = shell;
  await requireConsent([parseTarget(request.target)], false, shell);
  const tell = (line: string): void => {
    if (!request.quiet) shell.note(line);
  };
  Ledger.create(runId);
  const provisions = new Provisions({
    ...{ runId, imagePrefix: undefined, imageEndpoint: undefined, signal },
    progress: tell,
  });
  let grounds: readonly OpenGround[] = [];
  let answers: Answers;
  try {
    grounds = await openGrounds(request.target, runId, provisions, signal);
    answers = await askPairs({
      ...{ grounds, pairs, cases, signal, tell },
      everywhere: request.collateral ? selected.filter(({ parameters }) => parameters.length === 0) : [],
    });
  } finally {
    await leaveClean({
      ...{ runId, targets: grounds, provisions, interrupted: signal.aborted },
      emit: (event) => {
        if (event.type === 'warned') tell(oneLine(event.warning.message));
      },
    });
  }
  signal.throwIfAborted();

  const judged = answers.pairs.map(judgePair);
  const killers = killersOf(judged);
  const mutation: Mutation = {
    tool: { name: 'crible', version: toolVersion() },
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    seed,
    ...(partial ? { sample: pairs.length } : {}),
    grounds: grounds.map(({ on, target: { spec, runtimeName, runtimeVersion } }) => ({
      ...{ on, spec, runtimeName, runtimeVersion },
    })),
    baseline: answers.unsound,
    pairs: judged,
    cases: provenCases(
      cases.map(({ declaration }) => declaration.id),
      judged,
      answers.plain,
    ),
    faults: selected.map(({ name, breaks, reason }) => ({
      ...{ name, breaks },
      kills: judged.filter(({ fault, state }) => fault === name && state === 'killed').length,
      onlyKillerOf: [...killers].flatMap(([key, by]) => (by.size === 1 && by.has(name) ? [key] : [])),
      ...(reason === undefined ? {} : { reason }),
      ...collateralOf(answers, name),
    })),
  };
  return tellMutation(mutation, before, request, shell);
}

function tellMutation(
  mutation: Mutation,
  before: Mutation | undefined,
  { out, json }: MutationRequest,
  shell: Shell,
): ExitReason {
  if (out !== undefined) {
    const folder = OutputFolder.open(out, [mutationFile, 'mutation.md']);
    folder.write(mutationFile, `${JSON.stringify(mutationSchema.parse(mutation), null, 1)}\n`);
    folder.write('mutation.md', mutationTable(mutation, before));
  }
  const problems = mutationProblems(mutation, before);
  for (const problem of problems) shell.note(oneLine(problem));
  const { killed, survived, unreachable, expectations, unproven } = tallyMutation(mutation);
  if (json) shell.print(JSON.stringify(mutation, null, 1));
  else {
    const seconds = (Date.parse(mutation.finishedAt) - Date.parse(mutation.startedAt)) / 1000;
    shell.print(
      `${String(mutation.pairs.length)} pairs of a case and a fault in ${seconds.toFixed(0)} s` +
        (mutation.sample === undefined ? '' : ` (a sample, seed ${String(mutation.seed)})`) +
        `: ${String(killed)} cases killed, ${String(survived)} survived, ${String(unreachable)} unreachable here; ` +
        `${String(unproven)} of ${String(expectations)} expectations never seen failing`,
    );
  }
  return problems.length === 0 ? 'expected' : 'conformance';
}

function collateralOf({ collateral }: Answers, fault: string): Pick<Mutation['faults'][number], 'collateral'> {
  const found = collateral.get(fault);
  return found === undefined ? {} : { collateral: found };
}
