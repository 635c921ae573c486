import type { Finding } from '../../model/result.ts';
import type { KubeletConfiguration } from '../../model/kubelet-configuration.ts';
import type { Target } from '../../model/target.ts';

/** The node that a runtime is to serve. */
export interface Node {
  /** Of Kubernetes 1. */
  readonly minor: number;
  readonly kubelet?: KubeletConfiguration | undefined;
}

/** What was found of a requirement, and the sentence that tells it. */
export interface Found {
  readonly finding: Finding;
  /** Without a full stop. */
  readonly text: string;
}

/** Something that a runtime must give to a node. It is shown by cases, by what was probed of the target, or by both. */
export interface Requirement {
  readonly id: string;
  /** The first minor version of Kubernetes 1 that wants it; every known one unless given. */
  readonly since?: number;
  /** Globs over case ids. A case is behind the first requirement that names it. */
  readonly cases: readonly string[];
  /** What a node is worth without it: `blocker` when pods cannot be run or operated, `caveat` when one can live with that. */
  readonly severity: 'blocker' | 'caveat';
  readonly met: string;
  readonly broken: string;
  /** What remains unknown, completing "Not verified: ". */
  readonly unverified: string;
  readonly probed?: (target: Target, node: Node) => Found;
}
