import type { EventListener } from '../../model/event.ts';
import type { Expectation } from '../../model/expectation.ts';
import type { Shell } from '../shell.ts';
import { styleFor } from '../style.ts';
import { liveProgress } from './live.ts';
import { News } from './news.ts';

/** Shows a run while it goes on. */
export interface Progress {
  readonly listen: EventListener;
  /** Ends the display; what is printed after it stands alone. */
  readonly close: () => void;
}

/** On a terminal a live display, in a pipe a line for what is worth one; nothing when quiet. */
export function showProgress(shell: Shell, expectations: readonly Expectation[], quiet: boolean): Progress {
  if (quiet) return { listen: () => undefined, close: () => undefined };
  const news = new News(expectations, styleFor(shell.stderr));
  if (shell.stderr.isTTY === true) return liveProgress(shell.stderr, news);
  return {
    listen: (event) => {
      for (const line of news.linesOn(event)) shell.note(line);
    },
    close: () => undefined,
  };
}
