/** What the mutation command can be told. */
export interface MutationRequest {
  /** The runtime that faults are put before. */
  readonly target: string;
  /** Globs over fault names and case ids; none means all. */
  readonly fault: readonly string[];
  readonly select: readonly string[];
  /** Only so many pairs, chosen by the seed. */
  readonly sample: number | undefined;
  readonly seed: number | undefined;
  /** Every fault before every case, to see which are too coarse to prove anything. */
  readonly collateral: boolean;
  /** Folder of mutation.json and mutation.md; the mutation.json that lies there is what may only get better. */
  readonly out: string | undefined;
  readonly quiet: boolean;
  readonly json: boolean;
}
