import { quotedLine, type JsonValue } from '../quoted-value.ts';
import { shortened } from '../visible-text.ts';

/** A value in a table is to be compared at a glance; all of it is in result.json. */
const longestValue = 600;

/** What a target showed under a key. In lists, items that not every target shows are marked. */
export function Observed(props: {
  readonly values: readonly JsonValue[];
  readonly cells: readonly (readonly JsonValue[])[];
}) {
  if (props.values.length === 0) return <span class="muted">nothing seen</span>;
  const [only] = props.values;
  if (props.values.length === 1 && Array.isArray(only))
    return <Items items={only} lists={props.cells.map(([first]) => first)} />;
  return <code>{shortened(props.values.map(quotedLine).join(' or '), longestValue)}</code>;
}

function Items({
  items,
  lists,
}: {
  readonly items: readonly JsonValue[];
  readonly lists: readonly (JsonValue | undefined)[];
}) {
  const texts = lists.map((list) => new Set(Array.isArray(list) ? list.map(quotedLine) : []));
  const shared = (text: string) => texts.every((list) => list.size === 0 || list.has(text));
  if (items.length === 0) return <span class="muted">empty</span>;
  return (
    <code>
      {items.map((item, index) => {
        const text = shortened(quotedLine(item), longestValue);
        return (
          <>
            {index === 0 ? '' : ', '}
            {shared(quotedLine(item)) ? text : <mark>{text}</mark>}
          </>
        );
      })}
    </code>
  );
}
