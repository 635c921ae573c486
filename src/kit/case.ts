import type { CriClient } from '../cri/client.ts';
import type { CaseDeclaration } from '../model/case.ts';
import type { Expect } from './expect.ts';
import type { Given } from './given.ts';
import type { TargetContext } from './target-context.ts';

/** What the body of a case works with. */
export interface CaseContext {
  /** What the case takes for granted; goes wrong as `errored: setup`. */
  readonly given: Given;
  /** The runtime, every call of it in the transcript. */
  readonly cri: CriClient;
  /** The questions; what they find wrong is `failed`. */
  readonly expect: Expect;
  /** Notes how the runtime behaves where the promise leaves room; the key must be declared. */
  readonly observe: (key: string, value: unknown) => void;
  readonly target: TargetContext;
  /** Aborts when the case's time is up or the run is interrupted; pass it to everything that waits. */
  readonly signal: AbortSignal;
}

/** A promise of the CRI with the code that asks for it. */
export interface Case {
  readonly declaration: CaseDeclaration;
  readonly run: (context: CaseContext) => Promise<void>;
}

/** What a suite writes: the declaration with its usual values left out, and the body. */
export type CaseSource = Pick<CaseDeclaration, 'id' | 'title' | 'level' | 'rpcs' | 'basis'> &
  Partial<Pick<CaseDeclaration, 'revision' | 'critest' | 'needs' | 'locks' | 'images' | 'timeoutMs'>> & {
    readonly run: (context: CaseContext) => Promise<void>;
  };

/** Longer than any healthy case takes on a busy machine (10 s seen), shorter than the patience of a nightly job. */
const usualTimeoutMs = 60_000;

export function defineCase({ run, ...source }: CaseSource): Case {
  return { declaration: { revision: 1, needs: [], locks: [], images: [], timeoutMs: usualTimeoutMs, ...source }, run };
}
