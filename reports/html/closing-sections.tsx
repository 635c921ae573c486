import type { Result } from '../../src/model/result.ts';
import type { Warning } from '../../src/model/warning.ts';
import { groupBy } from '../group-by.ts';
import { shellCommand } from '../shell-command.ts';
import { targetWords } from '../target-verdict.ts';
import { warningWords } from '../warning-words.ts';
import { Section } from './section.tsx';

export function WarningSection({ warnings }: { readonly warnings: readonly Warning[] }) {
  const groups = [...groupBy(warnings, ({ kind }) => kind).values()];
  return (
    <Section id="warnings" title="Warnings">
      {groups.length === 0 ? <p>None.</p> : null}
      <dl class="explained">
        {groups.map((group) => {
          const words = group[0] === undefined ? undefined : warningWords[group[0].kind];
          return (
            <>
              <dt>{words?.title}</dt>
              <dd>
                {words?.explanation}
                <ul>
                  {group.map(({ message, target, subject }) => (
                    <li key={`${message} ${target ?? ''}`}>
                      {message}{' '}
                      <span class="muted small">
                        {[target, subject].filter((name) => name !== undefined).join(', ')}
                      </span>
                    </li>
                  ))}
                </ul>
              </dd>
            </>
          );
        })}
      </dl>
    </Section>
  );
}

export function ReproductionSection({ result }: { readonly result: Result }) {
  const { run, tool, targets } = result;
  const seeded = run.command.includes('--seed') || run.command.some((argument) => argument.startsWith('--seed='));
  return (
    <Section id="reproduce" title="How to reproduce">
      <p>This command line was run. With the same seed the targets take their turns in the same order.</p>
      <pre>{shellCommand(seeded ? run.command : [...run.command, '--seed', String(run.seed)])}</pre>
      {seeded ? null : <p class="muted small">The seed was drawn for this run and is added here.</p>}
      <dl class="facts">
        <dt>crible</dt>
        <dd>
          {tool.version}, result schema {result.schemaVersion}
        </dd>
        {targets.map((target) => (
          <>
            <dt>{target.name}</dt>
            <dd>{targetWords(target)}</dd>
          </>
        ))}
        <dt>seed, profile, purpose</dt>
        <dd>
          {run.seed}, {run.profile}, {run.purpose}
        </dd>
      </dl>
    </Section>
  );
}

/** What the figures are, and what they are not. */
export function MethodSection() {
  return (
    <Section id="method" title="Method and limits">
      <ul class="prose">
        <li>Each target was asked the same questions, with requests shaped like a kubelet’s.</li>
        <li>
          A case fails only where a promise of the CRI was broken. What went wrong around it is an error and proves
          nothing. A case is skipped only for a feature that was probed and found absent. A known deviation is listed
          with its reason; if it no longer shows, that is reported too.
        </li>
        <li>An observation is a way in which runtimes may differ. It is never a failure.</li>
        <li>
          Benchmarks run in rounds that visit every target in a changing order, so that what disturbs the machine meets
          all of them. Latencies of a round are kept as a histogram with three significant digits; percentiles are those
          of all rounds merged, never averages of percentiles.
        </li>
        <li>
          With a fixed number of calls in flight, a runtime that stalls is asked less often. With a rate of starts a
          second, a latency counts from the moment at which the call should have started.
        </li>
        <li>
          A ratio without an interval is what this run saw and no more. Only a comparison over rounds says faster,
          slower or the same.
        </li>
        <li>Figures hold for this machine, this configuration and this load. They do not carry over to another one.</li>
      </ul>
    </Section>
  );
}
