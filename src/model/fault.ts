/** A deliberate break of exactly one promise, put before a runtime to prove that a case can fail. */
export interface FaultDeclaration {
  readonly name: string;
  /** The RPCs whose handler it wraps. */
  readonly rpcs: readonly string[];
  /** The promise it breaks, one sentence. */
  readonly breaks: string;
  /** What its arguments mean, in order; empty when it takes none. */
  readonly parameters: readonly string[];
}
