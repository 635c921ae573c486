/** A deliberate break of exactly one promise, put before a runtime to prove that a case can fail. */
export interface FaultDeclaration {
  readonly name: string;
  /** The RPCs whose handlers it wraps; `*` where its arguments say which. */
  readonly rpcs: readonly string[];
  /** The promise that it breaks, one sentence. */
  readonly breaks: string;
  /** What its arguments mean, in order; empty when it takes none. */
  readonly parameters: readonly string[];
  /** Ids of the conformance cases that it is to fail, or `id#key` for one expectation of a case. */
  readonly kills: readonly string[];
  /** Where that is shown: before a real runtime, or before the simulator for what the runtime of the proof lacks. */
  readonly provenOn: 'runtime' | 'simulator';
  /** Why it is there although it need not be the only one to fail some expectation. */
  readonly reason?: string;
}
