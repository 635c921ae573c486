import type { Level } from '../../model/case.ts';
import type { Profile } from '../../model/result.ts';
import type { Arrival } from '../../model/workload.ts';

/** What every running command can be told. */
interface CommonRequest {
  readonly targets: readonly string[];
  readonly out: string | undefined;
  readonly profile: Profile;
  readonly purpose: string;
  /** File of a KubeletConfiguration. */
  readonly kubeletConfig?: string | undefined;
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
export interface BenchmarkRequest {
  readonly workload: readonly string[];
  readonly rounds?: number | undefined;
  readonly concurrency?: readonly number[] | undefined;
  /** Iterations a second of open loads. */
  readonly rate?: readonly number[] | undefined;
  readonly arrival?: Arrival | undefined;
  /** Largest half-width of a ratio's interval: 0.05 for 5 %. */
  readonly targetPrecision?: number | undefined;
  readonly disruptive?: boolean | undefined;
  readonly dropCaches?: boolean | undefined;
  /** A target that is measured along with the others, so that their results can be compared with those of other nights. */
  readonly control?: string | undefined;
  /** Measures the one target against itself. */
  readonly aa?: boolean | undefined;
}

export interface RunRequest extends CommonRequest {
  readonly cases?: CaseRequest;
  readonly benchmarks?: BenchmarkRequest;
}
