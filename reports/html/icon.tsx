import type { OutcomeWords } from '../outcome-words.ts';

export type IconName = OutcomeWords['icon'];

/** Shapes on a field of 16 × 16; each is told from the others without its colour. */
const paths: Readonly<Record<IconName, string>> = {
  passed: 'M3 8.5 6.5 12 13 4.5',
  failed: 'M4 4l8 8M12 4l-8 8',
  errored: 'M8 2 1.5 14h13zM8 6.5v3.5M8 12v0',
  'timed-out': 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M8 4.5V8l2.5 1.5',
  'runtime-died': 'M9.5 1 3 9h4l-1 6 7-8.5H8.5z',
  skipped: 'M3 3.5 8.5 8 3 12.5M12.5 3.5v9',
  'not-run': 'M3 8h10',
  flaky: 'M13 8a5 5 0 1 1-1.5-3.5M12.5 1.5v3.5H9',
  known: 'M2 6.2c2-2 4-2 6 0s4 2 6 0M2 11c2-2 4-2 6 0s4 2 6 0',
  'unexpected-pass': 'M1.5 8.5 5 12l6-7M14 4v5M14 12v0',
};

/** Drawn once, at the top of the page. */
export function IconSprite() {
  return (
    <svg class="sprite" aria-hidden="true">
      {Object.entries(paths).map(([name, path]) => (
        <symbol id={`icon-${name}`} viewBox="0 0 16 16" key={name}>
          <path d={path} />
        </symbol>
      ))}
    </svg>
  );
}

/** Decoration beside words that say the same. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  );
}
