import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

/** How this machine lays out its cgroups: one tree (v2), one tree a controller (v1), v1 with an extra cgroup2 tree (hybrid). */
export interface CgroupLayout {
  readonly kind: 'v1' | 'hybrid' | 'v2' | 'none';
  /** Mount points of the trees that hold controllers. */
  readonly roots: readonly string[];
  /** Mount points of all trees: runc makes a cgroup in the extra tree of a hybrid layout too. */
  readonly trees: readonly string[];
}

let known: CgroupLayout | undefined;

/** The layout of this machine, read from /proc/self/mounts once a process. */
export function cgroupLayout(): CgroupLayout {
  known ??= readLayout();
  return known;
}

function readLayout(): CgroupLayout {
  let mounts: string[][];
  try {
    mounts = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '));
  } catch {
    return { kind: 'none', roots: [], trees: [] };
  }
  const rootsOf = (type: string): string[] => [
    ...new Set(mounts.flatMap(([, path, fsType]) => (fsType === type && path !== undefined ? [path] : []))),
  ];
  const v1 = rootsOf('cgroup');
  const v2 = rootsOf('cgroup2');
  const trees = [...v1, ...v2];
  if (v1.length > 0) return { kind: v2.length > 0 ? 'hybrid' : 'v1', roots: v1, trees };
  return { kind: v2.length > 0 ? 'v2' : 'none', roots: v2.slice(0, 1), trees };
}

/** Makes a cgroup in every tree, the way the kubelet makes a pod's before RunPodSandbox. */
export function makeCgroup(layout: CgroupLayout, path: string): void {
  for (const root of layout.roots) mkdirSync(join(root, path), { recursive: true });
}

/**
 * Removes a cgroup and everything below it from every tree. One that still holds a process stays and is named in the answer.
 * @returns paths that could not be removed
 */
export function removeCgroup(layout: Pick<CgroupLayout, 'trees'>, path: string): readonly string[] {
  return layout.trees.flatMap((tree) => removeTree(join(tree, path)));
}

/** A process that was killed stays in its cgroup until it is reaped: waits a moment for that. @returns whether all of it is gone */
export async function removeCgroupSoon(layout: CgroupLayout, path: string): Promise<boolean> {
  const deadline = performance.now() + 500;
  while (removeCgroup(layout, path).length > 0) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
}

function removeTree(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  const left = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => removeTree(join(directory, entry.name)));
  try {
    rmdirSync(directory);
    return left;
  } catch {
    return [...left, directory];
  }
}
