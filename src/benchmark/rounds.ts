import { hasFeature } from '../kit/target-context.ts';
import { loadLabel, type Load } from '../model/workload.ts';
import { dropCaches } from './drop-caches.ts';
import type { Drive } from './lap.ts';
import { iterationsOf, iterationsWithin } from './loads.ts';
import { balancedOrders } from './order.ts';
import type { Participant } from './participant.ts';
import { figureOf, halfWidth, type Precision } from './precision.ts';
import type { BenchmarkOptions, Course } from './run.ts';
import { resultOf, roundOf, type Series } from './series.ts';
import { warningsOf } from './series-warnings.ts';
import type { Visit } from './visit.ts';

/** All rounds of one workload under one load: the warm-up round, those that were asked for, and more where precision is wanted. */
export class Rounds {
  readonly #options: BenchmarkOptions;
  readonly #course: Course;
  readonly #load: Load;
  readonly #places: readonly Place[];
  #drive: Drive;

  constructor(options: BenchmarkOptions, course: Course, load: Load) {
    this.#options = options;
    this.#course = course;
    this.#load = load;
    const { workload } = course;
    this.#drive = { load, iterations: iterationsOf(workload, load, options), seed: options.seed };
    this.#places = course.participants.map((participant) => new Place(participant, this.#whySkipped(participant)));
  }

  async run(): Promise<void> {
    const { rounds, seed, signal } = this.#options;
    await this.#warmUp();
    let index = 0;
    for (const order of balancedOrders(this.#fit, seed)) {
      if (signal.aborted || (index >= rounds && !this.#wantsMore(index))) break;
      this.#drive = { ...this.#drive, seed: seed + index };
      for (const [at, place] of order.entries()) await this.#round(place, index, at);
      index++;
    }
    for (const place of this.#places) this.#conclude(place, Math.max(rounds, index));
    this.#warnOfVagueness(index);
  }

  get #fit(): readonly Place[] {
    return this.#places.filter(({ skipped }) => skipped === undefined);
  }

  /** Pays for what happens once, drops what it measured, and learns from it how many iterations a round has time for. */
  async #warmUp(): Promise<void> {
    let slowestMs = 0;
    for (const place of this.#fit) {
      if (this.#options.signal.aborted) return;
      const visit = await this.#visit(place);
      if (visit.kind === 'unprepared') place.visits.push({ visit, index: 0, order: 0 });
      if (visit.kind === 'measured') {
        slowestMs = Math.max(slowestMs, visit.round.durationNs / 1e6 / this.#drive.iterations);
      }
    }
    const { iterations } = this.#drive;
    const fitting = iterationsWithin(this.#options, this.#course.workload, this.#load, iterations, slowestMs);
    this.#drive = { ...this.#drive, iterations: fitting };
  }

  async #round(place: Place, index: number, order: number): Promise<void> {
    const { emit, signal } = this.#options;
    if (signal.aborted || place.unprepared) return;
    const { declaration } = this.#course.workload;
    const key = { workload: declaration.id, target: place.name, load: this.#load };
    emit({ type: 'round-started', index, ...key });
    const done = { visit: await this.#visit(place), index, order };
    place.visits.push(done);
    const round = roundOf(done);
    const figure = round && figureOf(round, declaration.primary);
    if (figure !== null) place.figures.set(index, figure);
    emit({ type: 'round-finished', index, ...key, round });
  }

  async #visit(place: Place): Promise<Visit> {
    const { gone, settling } = this.#course;
    const { name } = place;
    if (this.#options.dropCaches === true) await dropCaches();
    await settling.settle(this.#options.signal);
    const visit = await place.participant.visit(this.#drive);
    if (visit.kind === 'unprepared') place.unprepared = true;
    if (visit.kind === 'lost') gone.set(name, visit.problem);
    else if (visit.kind !== 'interrupted') gone.delete(name);
    return visit;
  }

  #wantsMore(done: number): boolean {
    const { precision } = this.#options;
    return precision !== undefined && done < precision.mostRounds && this.#vague(precision).length > 0;
  }

  /** The targets whose ratio to the base is not known precisely enough, as far as both can still be measured. */
  #vague(
    precision: Precision,
  ): readonly { readonly name: string; readonly base: string; readonly halfWidth: number }[] {
    const able = this.#fit.filter(({ unprepared, name }) => !unprepared && !this.#course.gone.has(name));
    const base = able.find(({ name }) => name === this.#options.base) ?? able[0];
    if (base === undefined) return [];
    return able
      .filter((place) => place !== base)
      .map(({ name, figures }) => ({
        name,
        base: base.name,
        halfWidth: halfWidth(base.figures, figures, precision.interval),
      }))
      .filter((pair) => pair.halfWidth > precision.relative);
  }

  /** Tells of ratios that the rounds did not make as precise as was asked for. */
  #warnOfVagueness(rounds: number): void {
    const { precision, emit } = this.#options;
    if (precision === undefined) return;
    for (const { name, base, halfWidth: reached } of this.#vague(precision)) {
      const known = Number.isFinite(reached) ? `to ±${percent(reached)}` : 'not at all';
      const message = `${loadLabel(this.#load)}: after ${String(rounds)} rounds the ratio to ${base} is known ${known}, and ±${percent(precision.relative)} was asked for`;
      const subject = this.#course.workload.declaration.id;
      emit({ type: 'warned', warning: { kind: 'too-few-samples', message, target: name, subject } });
    }
  }

  #conclude({ name, skipped, visits }: Place, plannedRounds: number): void {
    const { emit } = this.#options;
    const { workload, toldOfFewSamples } = this.#course;
    const series: Series = {
      ...{ declaration: workload.declaration, target: name, load: this.#load, plannedRounds, visits },
      ...(skipped !== undefined && { skipped }),
    };
    const result = resultOf(series);
    emit({ type: 'workload-finished', result });
    for (const warning of warningsOf(series, result)) {
      if (warning.kind === 'too-few-samples') {
        if (toldOfFewSamples.has(name)) continue;
        toldOfFewSamples.add(name);
      }
      emit({ type: 'warned', warning });
    }
  }

  #whySkipped({ target }: Participant): string | undefined {
    const { needs, disruptive } = this.#course.workload.declaration;
    const missing = needs.filter((need) => !hasFeature(target, need));
    if (missing.length > 0) return `${target.name} does not offer ${missing.join(', ')}`;
    if (disruptive && this.#options.spared?.includes(target.name) === true) {
      return `it may disturb what else runs on ${target.name}, a runtime of this host; --disruptive allows it`;
    }
    return undefined;
  }
}

/** A target's part in the rounds. */
class Place {
  readonly participant: Participant;
  /** Why there are no visits. */
  readonly skipped: string | undefined;
  readonly visits: Series['visits'][number][] = [];
  /** Of the primary, by round. */
  readonly figures = new Map<number, number>();
  unprepared = false;

  constructor(participant: Participant, skipped: string | undefined) {
    this.participant = participant;
    this.skipped = skipped;
  }

  get name(): string {
    return this.participant.target.name;
  }
}

function percent(share: number): string {
  return `${(share * 100).toPrecision(2)} %`;
}
