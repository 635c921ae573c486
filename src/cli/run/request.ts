import type { Level } from '../../model/case.ts';
import type { Profile } from '../../model/result.ts';

/** What every running command can be told. */
interface CommonRequest {
  readonly targets: readonly string[];
  readonly out: string | undefined;
  readonly profile: Profile;
  readonly purpose: string;
  readonly expectations: string | undefined;
  readonly imagePrefix: string | undefined;
  readonly imageEndpoint: string | undefined;
  readonly callTimeout: number | undefined;
  /** In ms. */
  readonly budget: number | undefined;
  readonly seed: number | undefined;
  readonly yes: boolean;
  readonly withKubelet: boolean;
  readonly orSimulator: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Which cases are asked, and how. */
export interface CaseRequest {
  readonly select: readonly string[];
  readonly skip: readonly string[];
  readonly level: Level;
  readonly onlyFailed?: string | undefined;
  readonly shards?: number | undefined;
  readonly retries?: number | undefined;
}

/** Which workloads are measured, and how. */
interface BenchmarkRequest {
  readonly workload: readonly string[];
  readonly rounds?: number | undefined;
  readonly concurrency?: readonly number[] | undefined;
}

export interface RunRequest extends CommonRequest {
  readonly cases?: CaseRequest;
  readonly benchmarks?: BenchmarkRequest;
}
