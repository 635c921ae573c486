import { MultiBar } from 'cli-progress';
import type { SingleBar } from 'cli-progress';
import type { Writable } from 'node:stream';
import type { RunEvent } from '../../model/event.ts';
import { loadLabel } from '../../model/workload.ts';
import { formatDurationMs } from '../duration.ts';
import { roundsUnderWay } from '../output/journal.ts';
import type { News } from './news.ts';
import type { Progress } from './progress.ts';

const redrawMs = 200;
/** cli-progress draws by a timer of its own, which would run within timed rounds; ours draws instead. */
const neverByItself = 1 / 86_400;

/**
 * A bar for each target's cases and one for the rounds of benchmarks, below the lines of the news. It stands still while a
 * round is under way: drawing costs time that would be measured.
 */
export function liveProgress(stream: Writable, news: News): Progress {
  const bars = new MultiBar({
    stream,
    fps: neverByItself,
    clearOnComplete: true,
    hideCursor: true,
    emptyOnZero: true,
    barsize: 24,
    formatTime: formatLeft,
    format: '{name} [{bar}] {value}/{total}{failed}, {eta_formatted} left  {what}',
  });
  // A second Ctrl-C leaves without closing us; a terminal without a cursor would remain.
  const restore = (): void => {
    bars.stop();
  };
  process.once('exit', restore);
  const byName = new Map<string, SingleBar>();
  let rounds = 0;
  const draw = setInterval(() => {
    if (rounds === 0 && byName.size > 0) bars.update();
  }, redrawMs);
  draw.unref();

  const bar = (name: string, total: number): SingleBar => {
    const known = byName.get(name) ?? bars.create(total, 0, { name, failed: '', what: '' });
    byName.set(name, known);
    return known;
  };
  const roundBars = new RoundCount();

  return {
    listen: (event) => {
      for (const line of news.linesOn(event)) {
        // Before the first bar nothing would ever write what is logged.
        if (byName.size === 0) stream.write(`${line}\n`);
        else bars.log(`${line}\n`);
      }
      roundBars.take(event);
      show(event, news, roundBars, bar);
      rounds = roundsUnderWay(rounds, event);
      if (event.type === 'round-started') bars.update();
    },
    close: () => {
      clearInterval(draw);
      process.off('exit', restore);
      if (byName.size > 0) {
        bars.update();
        bars.stop();
      }
    },
  };
}

/** cli-progress has words of its own for a time that it cannot tell yet. */
function formatLeft(seconds: number): string {
  return Number.isFinite(seconds) ? formatDurationMs(seconds * 1000) : 'unknown time';
}

function show(event: RunEvent, news: News, rounds: RoundCount, bar: (name: string, total: number) => SingleBar): void {
  switch (event.type) {
    case 'case-started':
    case 'case-finished': {
      const standing = news.standing(event.target);
      if (!standing) return;
      const { done, total, unexpected } = standing;
      const failed = unexpected > 0 ? `, ${String(unexpected)} unexpected` : '';
      bar(event.target, total).update(done, {
        failed,
        what: event.type === 'case-started' ? event.caseId : '',
      });
      return;
    }
    case 'round-started':
    case 'round-finished': {
      const what = `round ${String(event.index + 1)} of ${event.workload}@${loadLabel(event.load)} on ${event.target}`;
      bar('benchmarks', rounds.total).update(rounds.done, { what });
      return;
    }
    default:
  }
}

/** Rounds of all workloads on all targets: planned and done. */
class RoundCount {
  total = 0;
  done = 0;

  take(event: RunEvent): void {
    if (event.type === 'planned') this.total = event.rounds * event.workloads.length * event.targets.length;
    if (event.type === 'round-finished') this.done += 1;
  }
}
