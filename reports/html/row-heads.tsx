import type { Result } from '../../src/model/result.ts';
import type { CaseRow } from '../case-table.ts';
import { Name } from './name.tsx';

/** One column head per target. */
export function TargetHeads({ result }: { readonly result: Result }) {
  return (
    <>
      {result.targets.map(({ name }) => (
        <th scope="col" key={name}>
          <Name text={name} />
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
        {row.level} ·{' '}
        <span class="mono">
          <Name text={row.id} />
        </span>
      </span>
    </th>
  );
}
