import type { Result } from '../../src/model/result.ts';
import { workloadTables, type WorkloadTable } from '../benchmark-table.ts';
import { comparisonGroups, factorsBetween, floorGroups, type ComparisonGroup } from '../comparison-groups.ts';
import { countSentence, floorSentence } from '../comparison-words.ts';
import { formatCount } from '../quantity.ts';
import { ExploratoryTable, FloorTable, ForestTable } from './comparison-table.tsx';
import { Name } from './name.tsx';

/** What was compared over rounds: a block for each pair of targets, and one for what the method cannot tell apart. */
export function SpeedBlock({ result }: { readonly result: Result }) {
  const tables = workloadTables(result);
  return (
    <>
      {comparisonGroups(result).map((group) => (
        <PairBlock result={result} group={group} tables={tables} key={`${group.base} ${group.candidate}`} />
      ))}
      <NoiseFloors result={result} tables={tables} />
    </>
  );
}

interface PairProps {
  readonly result: Result;
  readonly group: ComparisonGroup;
  readonly tables: readonly WorkloadTable[];
}

function PairBlock({ result, group, tables }: PairProps) {
  const { base, candidate, primary, exploratory } = group;
  const pair = `${candidate} ÷ ${base}`;
  return (
    <>
      <h3>
        Speed: <Name text={candidate} /> ÷ <Name text={base} />
      </h3>
      {primary.length < 2 ? null : <p class="prose">{countSentence(group)}</p>}
      <Factors result={result} group={group} />
      {primary.length === 0 ? null : (
        <ForestTable
          comparisons={primary}
          tables={tables}
          label={`Primary figures of ${pair}`}
          caption={`The one figure that decides each workload, ${candidate} divided by ${base}, round by round. The darker zone is noise: faster and slower are said only where the whole interval, corrected for the number of comparisons, lies beyond it. The same is said where the interval lies within the lighter zone: a difference as large as that is ruled out. A dashed interval decides nothing.`}
        />
      )}
      <ExploratoryTable
        comparisons={exploratory}
        tables={tables}
        label={`Exploratory figures of ${pair}`}
        summary={`${formatCount(exploratory.length, 'exploratory comparison')} of ${pair}, uncorrected`}
        caption="Hints at where a difference comes from, and no more: they are not corrected for their number, so that some look like differences by chance."
      />
    </>
  );
}

/** What stands between a ratio and a statement about two runtimes. */
function Factors({ result, group }: Pick<PairProps, 'result' | 'group'>) {
  const { base, candidate } = group;
  const factors = factorsBetween(result, group);
  return (
    <div class="prose">
      <p>
        <b>Each ratio is between two configurations, not only between two runtimes.</b>{' '}
        {factors === undefined
          ? 'This result does not hold both, so what else differs between them is not known.'
          : factors.length === 0
            ? 'Nothing else that was recorded differs between them.'
            : 'These differ too, and may be what a ratio shows:'}
      </p>
      {factors === undefined || factors.length === 0 ? null : (
        <ul>
          {factors.map(({ factor, a, b }) => (
            <li key={factor}>
              <b>{factor}</b>: {a} on {base}, {b} on {candidate}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function NoiseFloors({ result, tables }: Pick<PairProps, 'result' | 'tables'>) {
  const groups = floorGroups(result);
  if (groups.length === 0) return null;
  return (
    <>
      <h3 id="noise-floors">Noise floors: what this run cannot tell apart</h3>
      <p class="prose">
        Here the same runtime was compared with itself. Whatever shows is noise, and a difference between other targets
        that is no larger is noise as well: their thresholds reach to the far end of these intervals.
      </p>
      {groups.map((group) => {
        const pair = `${group.candidate} ÷ ${group.base}`;
        return (
          <>
            {group.primary.length === 0 ? (
              <p>{floorSentence(group)}</p>
            ) : (
              <FloorTable
                comparisons={group.primary}
                tables={tables}
                label={`Noise floor of ${pair}`}
                caption={floorSentence(group)}
              />
            )}
            <ExploratoryTable
              comparisons={group.exploratory}
              tables={tables}
              label={`Exploratory noise floor of ${pair}`}
              summary={`Noise floor of ${formatCount(group.exploratory.length, 'exploratory figure')} of ${pair}, uncorrected`}
              caption="The same runtime against itself, in the figures that decide nothing."
            />
          </>
        );
      })}
    </>
  );
}
