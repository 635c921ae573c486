import { shortened } from '../visible-text.ts';

/** Words of a runtime as they were, but for what `longestText` leaves out. A long quotation scrolls on its own, also by keyboard. */
export function Quote({ text, longestText }: { readonly text: string; readonly longestText: number }) {
  const shown = shortened(text, longestText);
  const long = shown.length > 1600 || shown.split('\n').length > 24;
  return long ? (
    <pre class="long" tabIndex={0}>
      {shown}
    </pre>
  ) : (
    <pre>{shown}</pre>
  );
}
