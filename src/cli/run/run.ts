import { exitReason } from '../../judge/exit-reason.ts';
import { foldResult } from '../../judge/fold.ts';
import { messageOf, UserError } from '../../model/error.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { ExitReason } from '../../model/result.ts';
import { requireConsent } from '../host-sockets.ts';
import { openJournal } from '../output/journal.ts';
import type { Journal } from '../output/journal.ts';
import { defaultFolder, OutputFolder } from '../output/output-folder.ts';
import { journalFile, reportFiles, writeReports } from '../output/reports.ts';
import { tellProblem } from '../problem.ts';
import { toolVersion } from '../project.ts';
import type { Shell } from '../shell.ts';
import { styleFor } from '../style.ts';
import { summaryJson, summaryText } from '../summary.ts';
import { carryOut } from './carry-out.ts';
import type { Ending } from './carry-out.ts';
import { EventBus } from './event-bus.ts';
import { thisHost } from './host.ts';
import { planRun } from './plan.ts';
import type { RunRequest } from './request.ts';
import { newRunId } from './run-id.ts';

/**
 * Does a run from its request to its reports. Whatever happens on the way, once there is a folder to write to there will
 * be a result in it, complete or with the reason why it is not.
 * @throws UsageError when the folder that was asked for cannot be written to
 */
export async function performRun(request: RunRequest, shell: Shell): Promise<ExitReason> {
  const runId = newRunId(new Date());
  const bus = new EventBus();
  const started = startEvent(runId, request, shell);
  bus.emit(started);
  // A folder that was asked for is written to even when the rest of the request makes no sense.
  let output = request.out === undefined ? undefined : openOutput(request.out, bus);
  let expectations: readonly Expectation[] = [];
  let ending: Ending;
  try {
    const plan = await planRun(request);
    ({ expectations } = plan);
    await requireConsent(plan.targets, request.yes, shell);
    shell.signal.throwIfAborted();
    const opened = (output ??= openOutput(defaultFolder(runId), bus));
    const save = (): void => {
      opened.folder.write('result.json', `${JSON.stringify(foldResult(bus.events, plan.expectations))}\n`);
    };
    ending = await carryOut(plan, request, {
      runId,
      hostId: started.host.id,
      seed: started.run.seed,
      bus,
      shell,
      save,
    });
  } catch (error) {
    ending = { error };
  }
  return await finish({ request, shell, bus, output, expectations, ending });
}

interface Output {
  readonly folder: OutputFolder;
  readonly journal: Journal;
}

function openOutput(path: string, bus: EventBus): Output {
  const folder = OutputFolder.open(path, [journalFile, ...reportFiles]);
  const journal = openJournal(folder.fileOf(journalFile));
  bus.subscribe(journal.listen);
  return { folder, journal };
}

function startEvent(runId: string, request: RunRequest, shell: Shell): Extract<RunEvent, { type: 'run-started' }> {
  return {
    type: 'run-started',
    tool: { name: 'crible', version: toolVersion() },
    run: {
      id: runId,
      command: shell.commandLine.map(withoutCredentials),
      startedAt: new Date().toISOString(),
      finishedAt: null,
      seed: request.seed ?? Math.floor(Math.random() * 2 ** 31),
      profile: request.profile,
      purpose: request.purpose,
      complete: false,
    },
    host: thisHost(),
  };
}

/** A registry may have been given as user:password@host; `lab:containerd@2.1` only looks like that. */
export function withoutCredentials(word: string): string {
  return word.replace(/(?<=^|[=/,\s])(?!lab:|fault:)[^/\s=:@]+:[^/\s@]+@(?=[\w.[])/g, '…@');
}

interface Finish {
  readonly request: RunRequest;
  readonly shell: Shell;
  readonly bus: EventBus;
  readonly output: Output | undefined;
  readonly expectations: readonly Expectation[];
  readonly ending: Ending;
}

/** Tells the end of a run, to its files and to the user. */
async function finish({ request, shell, bus, output, expectations, ending }: Finish): Promise<ExitReason> {
  const interrupted = shell.signal.aborted;
  const trouble = ending.error === undefined ? undefined : await tellProblem(ending.error, shell);
  const reason = interrupted ? 'interrupted' : (ending.reason ?? problemOf(ending.error));
  bus.emit({
    type: 'run-finished',
    finishedAt: new Date().toISOString(),
    complete: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
  });
  output?.journal.close();
  const result = foldResult(bus.events, expectations);
  const { written, problems } = output ? await writeReports(result, output.folder) : { written: [], problems: [] };
  for (const problem of [...bus.problems, ...problems]) await tellProblem(problem, shell);
  const defect = trouble === 'defect' || bus.problems.length + problems.length > 0;
  const exit = exitReason(result, { interrupted, defect, usage: trouble === 'usage', target: trouble === 'target' });
  if (output === undefined) return exit;

  if (request.out === undefined) output.folder.becomeLatest();
  const facts = { result, reason: exit, folder: output.folder.path, reports: written };
  shell.print(request.json ? summaryJson(facts) : summaryText(facts, styleFor(shell.stdout)));
  return exit;
}

/** Why a run that broke off is not complete, for readers of its result, who do not see the terminal. */
function problemOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return error instanceof UserError ? error.message : `crible itself failed: ${messageOf(error)}`;
}
