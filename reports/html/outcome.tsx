import type { CaseResult } from '../../src/model/case.ts';
import { outcomeWords, type Tone } from '../outcome-words.ts';
import { isUnexpected, wentWrong } from '../tally.ts';
import { caseAnchor } from './anchor.ts';
import { Icon, type IconName } from './icon.tsx';

/** Whether the page tells more about the case than its cell in the matrix. */
export function hasDetails(result: CaseResult): boolean {
  return wentWrong(result) || isUnexpected(result);
}

/** A cell of the matrix; the link leads to the details where there are any. */
export function OutcomeCell({
  result,
  anchored,
}: {
  readonly result: CaseResult | undefined;
  readonly anchored: boolean;
}) {
  if (!result) return <td class="muted">not asked</td>;
  const { label, tone, icon } = outcomeWords(result);
  const anchor = caseAnchor(result.id, result.target);
  const words = (
    <>
      <Icon name={icon} />
      {label}
    </>
  );
  if (hasDetails(result)) {
    return (
      <td class={`tone-${tone}`}>
        <a class="outcome" href={`#${anchor}`}>
          {words}
        </a>
      </td>
    );
  }
  return (
    <td class={`tone-${tone}`} id={anchored ? anchor : undefined}>
      <span class="outcome">{words}</span>
    </td>
  );
}

export function Chip({
  tone,
  icon,
  children,
}: {
  readonly tone: Tone;
  readonly icon?: IconName;
  readonly children: string;
}) {
  return (
    <span class={`chip tone-${tone}`}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </span>
  );
}
