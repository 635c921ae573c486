import { closeSync, openSync, writeSync } from 'node:fs';
import type { EventListener, RunEvent } from '../../model/event.ts';

/** Events that must not cost a measurement anything wait until no round is under way. */
export interface Journal {
  readonly listen: EventListener;
  readonly close: () => void;
}

/**
 * Writes events to a file, one JSON a line, each on its way to the disk before the next thing happens: a killed run leaves
 * a journal that folds into a report. While a round of a benchmark is under way nothing is written; its events follow when
 * the round is over.
 */
export function openJournal(path: string): Journal {
  const file = openSync(path, 'w');
  let waiting: string[] = [];
  let rounds = 0;
  const flush = (): void => {
    if (waiting.length === 0) return;
    const text = waiting.join('');
    waiting = [];
    writeSync(file, text);
  };
  return {
    listen: (event) => {
      rounds = roundsUnderWay(rounds, event);
      waiting.push(`${JSON.stringify(event)}\n`);
      if (rounds === 0 || event.type === 'round-started') flush();
    },
    close: () => {
      flush();
      closeSync(file);
    },
  };
}

/** How many rounds are under way after an event: while one is, nothing that can wait is done. */
export function roundsUnderWay(before: number, event: RunEvent): number {
  if (event.type === 'round-started') return before + 1;
  return event.type === 'round-finished' ? Math.max(0, before - 1) : before;
}
