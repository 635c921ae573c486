import type { Result } from '../../src/model/result.ts';
import type { CaseRow } from '../case-table.ts';

/** One column head per target. */
export function TargetHeads({ result }: { readonly result: Result }) {
  return (
    <>
      {result.targets.map(({ name }) => (
        <th scope="col" key={name}>
          {name}
        </th>
      ))}
    </>
  );
}

/** What a case asks, how much it matters and its id. */
export function CaseName({ row }: { readonly row: CaseRow }) {
  return (
    <th scope="row">
      {row.title}
      <span class="id">
        {row.level} · <span class="mono">{row.id}</span>
      </span>
    </th>
  );
}
