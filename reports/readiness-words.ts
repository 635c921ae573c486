import type { Finding, Readiness } from '../src/model/result.ts';
import type { Tone } from './outcome-words.ts';

type Reason = Readiness['reasons'][number];

/** A readiness verdict for people: in words, and sorted by what a reader must know first. */
export interface ReadinessWords {
  readonly headline: string;
  readonly tone: Tone;
  /** Whatever keeps the target from being ready without a word more. */
  readonly against: readonly Reason[];
  /** Reasons under a title each, gravest first; titles without a reason are left out. */
  readonly groups: readonly {
    readonly finding: Finding;
    readonly title: string;
    readonly reasons: readonly Reason[];
  }[];
}

const titles: Readonly<Record<Finding, string>> = {
  blocker: 'Not ready because',
  caveat: 'Caveats',
  'not-verified': 'Not verified',
  met: 'As needed',
};

const verdicts: Readonly<Record<Readiness['verdict'], Pick<ReadinessWords, 'tone'> & { readonly words: string }>> = {
  ready: { tone: 'good', words: 'Ready for' },
  'ready-with-caveats': { tone: 'doubt', words: 'Ready, with caveats, for' },
  'not-ready': { tone: 'bad', words: 'Not ready for' },
};

export function readinessWords({ purpose, verdict, reasons }: Omit<Readiness, 'target'>): ReadinessWords {
  const { tone, words } = verdicts[verdict];
  return {
    headline: `${words} ${purposeWords(purpose)}`,
    tone,
    against: reasons.filter(({ finding }) => finding !== 'met'),
    groups: (['blocker', 'caveat', 'not-verified', 'met'] as const)
      .map((finding) => ({
        finding,
        title: titles[finding],
        reasons: reasons.filter((one) => one.finding === finding),
      }))
      .filter((group) => group.reasons.length > 0),
  };
}

/** `Kubernetes 1.24`. */
function purposeWords(purpose: string): string {
  const version = /^kubernetes-(?<version>\d+\.\d+)$/.exec(purpose)?.groups?.['version'];
  return version === undefined ? purpose : `Kubernetes ${version}`;
}
