import { matchExpectation } from '../../judge/match-expectation.ts';
import { verdictOf } from '../../judge/verdict.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Target } from '../../model/target.ts';
import { loadLabel } from '../../model/workload.ts';
import type { WorkloadResult } from '../../model/workload.ts';
import { counted } from '../counted.ts';
import { formatDurationMs } from '../duration.ts';
import { primaryFigure } from '../primary-figure.ts';
import { oneLine } from '../printable.ts';
import type { Style } from '../style.ts';

/** How far a target is with its cases. */
export interface Standing {
  readonly total: number;
  readonly done: number;
  /** Outcomes that nobody expected so far. */
  readonly unexpected: number;
  readonly knownDeviations: number;
}

type CaseFinished = Extract<RunEvent, { readonly type: 'case-finished' }>;

/** What of a run's events is worth a line: what begins and ends, and every surprise as it comes; nothing for a case that did as expected. */
export class News {
  readonly #expectations: readonly Expectation[];
  readonly #style: Style;
  readonly #targets = new Map<string, Target>();
  readonly #standings = new Map<string, Standing>();
  readonly #begun = new Map<string, number>();

  constructor(expectations: readonly Expectation[], style: Style) {
    this.#expectations = expectations;
    this.#style = style;
  }

  standing(target: string): Standing | undefined {
    return this.#standings.get(target);
  }

  /** Lines for the terminal, with nothing in them that a runtime could steer it with. */
  linesOn(event: RunEvent): readonly string[] {
    switch (event.type) {
      case 'target-probed':
        this.#targets.set(event.target.name, event.target);
        return [this.#presentation(event.target)];
      case 'planned':
        for (const target of event.targets) {
          this.#standings.set(target, { total: event.cases.length, done: 0, unexpected: 0, knownDeviations: 0 });
        }
        return [];
      case 'case-started':
        if (!this.#begun.has(event.target)) this.#begun.set(event.target, performance.now());
        return [];
      case 'case-finished':
        return this.#finished(event);
      case 'workload-finished':
        return [this.#measured(event.result)];
      case 'target-lost':
        return [this.#style('red', `${event.target}: lost: ${oneLine(event.problem)}`)];
      case 'warned': {
        const { target, message } = event.warning;
        return [this.#style('yellow', `warning: ${target === undefined ? '' : `${target}: `}${oneLine(message)}`)];
      }
      case 'run-started':
      case 'observed':
      case 'round-started':
      case 'round-finished':
      case 'compared':
      case 'run-finished':
        return [];
    }
  }

  #presentation(target: Target): string {
    const { name, state, runtimeName, runtimeVersion, apiVersion, endpoint, problem = state } = target;
    if (state !== 'ready') return this.#style('red', `${name}: ${state}: ${oneLine(problem)}`);
    return `${this.#style('bold', name)}: ${oneLine(`${runtimeName} ${runtimeVersion}`)}, CRI ${apiVersion}, at ${endpoint}`;
  }

  #finished({ target, caseId, outcome, flaky }: CaseFinished): readonly string[] {
    const known = this.#targets.get(target);
    const expectation = known && matchExpectation(this.#expectations, caseId, known, outcome);
    const verdict = verdictOf(outcome, expectation, flaky);
    const unexpected = verdict === 'unexpected-failure' || verdict === 'unexpected-pass';
    const { total, ...before } = this.#standings.get(target) ?? {
      total: 0,
      done: 0,
      unexpected: 0,
      knownDeviations: 0,
    };
    const standing = {
      total,
      done: before.done + 1,
      unexpected: before.unexpected + (unexpected ? 1 : 0),
      knownDeviations: before.knownDeviations + (outcome.status === 'failed' && !unexpected ? 1 : 0),
    };
    this.#standings.set(target, standing);
    const lines = unexpected ? [this.#style('red', `${target}: ${caseId}: ${surprise(outcome, expectation)}`)] : [];
    return standing.done === total ? [...lines, this.#allAsked(target, standing)] : lines;
  }

  #allAsked(target: string, { total, unexpected, knownDeviations }: Standing): string {
    const durationMs = performance.now() - (this.#begun.get(target) ?? performance.now());
    const counts = [
      unexpected > 0 ? this.#style('red', `${String(unexpected)} unexpected`) : this.#style('green', 'none unexpected'),
      ...(knownDeviations > 0 ? [counted(knownDeviations, 'known deviation')] : []),
    ];
    return `${this.#style('bold', target)}: ${counted(total, 'case')} in ${formatDurationMs(durationMs)}, ${counts.join(', ')}`;
  }

  #measured(workload: WorkloadResult): string {
    const { target, id, load, status, reason = status, rounds } = workload;
    const what = `${this.#style('bold', target)}: ${id}@${loadLabel(load)}`;
    if (status !== 'measured') return this.#style(status === 'failed' ? 'red' : 'dim', `${what}: ${oneLine(reason)}`);
    const figure = primaryFigure(workload);
    return `${what}: ${counted(rounds.length, 'round')}${figure === undefined ? '' : `, ${figure}`}`;
  }
}

function surprise(outcome: Outcome, expectation: Expectation | undefined): string {
  switch (outcome.status) {
    case 'failed':
      return `failed (${outcome.key}): ${oneLine(outcome.message)}`;
    case 'errored':
      return `errored (${outcome.phase}): ${oneLine(outcome.message)}`;
    case 'timed-out':
      return `timed out after ${formatDurationMs(outcome.timeoutMs)}: ${oneLine(outcome.message)}`;
    case 'runtime-died':
      return `the runtime died: ${oneLine(outcome.message)}`;
    case 'passed':
      return expectation ? `passed, though it must fail: ${oneLine(expectation.reason)}` : 'passed on a retry only';
    case 'skipped':
    case 'not-run':
      return outcome.reason;
  }
}
