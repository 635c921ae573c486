import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { LabError } from './lab-error.ts';
import { messageOf } from '../model/error.ts';

/** One cgroup tree of this machine. */
export interface Hierarchy {
  /** `cpuacct`, `cpu,cpuacct`, `name=systemd`; `unified` for cgroup v2. */
  readonly controllers: string;
  readonly root: string;
  readonly unified: boolean;
}

/** The trees of this machine, from /proc/self/mountinfo (proc(5)): mount point, then after ` - ` type, source and options. */
export function hierarchies(mountInfo = readFileSync('/proc/self/mountinfo', 'utf8')): readonly Hierarchy[] {
  const found = mountInfo.split('\n').flatMap((line): readonly Hierarchy[] => {
    const [mount = '', file = ''] = line.split(' - ');
    const root = mount.split(' ')[4];
    const [type, , options = ''] = file.split(' ');
    if (root === undefined) return [];
    if (type === 'cgroup2') return [{ controllers: 'unified', root, unified: true }];
    const controllers = options
      .split(',')
      .filter((option) => !/^(rw|ro|xattr|.*agent=.*|clone_children)$/.test(option));
    return type === 'cgroup' ? [{ controllers: controllers.join(','), root, unified: false }] : [];
  });
  return [...new Map(found.map((hierarchy) => [hierarchy.controllers, hierarchy])).values()];
}

/** The cgroup2 tree beside v1 trees, where there is one: crun refuses to run while it sees both. */
export function hybridTree(trees: readonly Hierarchy[]): string | undefined {
  return trees.some(({ unified }) => !unified) ? trees.find(({ unified }) => unified)?.root : undefined;
}

/**
 * Makes a cgroup in every v1 tree, or in the v2 tree where there is no other.
 * @returns its path by controllers
 * @throws LabError `daemon-not-ready` when the trees are not to be written
 */
export function makeDaemonCgroup(trees: readonly Hierarchy[], path: string): Readonly<Record<string, string>> {
  const used = hybridTree(trees) === undefined ? trees : trees.filter(({ unified }) => !unified);
  try {
    return Object.fromEntries(used.map((tree) => [tree.controllers, makeIn(tree, path)]));
  } catch (error) {
    throw new LabError(
      'daemon-not-ready',
      `no cgroup of its own for the runtime: ${messageOf(error)}`,
      'labs need cgroup trees that root may write to; in a container, start it with its own writable cgroup namespace',
      { cause: error },
    );
  }
}

function makeIn({ root, unified }: Hierarchy, path: string): string {
  const full = join(root, path);
  mkdirSync(full, { recursive: true });
  let parent = root;
  for (const name of relative(root, full).split('/')) {
    const child = join(parent, name);
    // A v1 cpuset takes no process before it has processors and memory nodes (cpuset(7)).
    for (const file of ['cpuset.cpus', 'cpuset.mems']) {
      const target = join(child, file);
      if (unified || !existsSync(target) || readFileSync(target, 'utf8').trim() !== '') continue;
      writeFileSync(target, readFileSync(join(parent, file)));
    }
    if (unified && parent !== root) enableControllers(parent);
    parent = child;
  }
  return full;
}

/** Lets the children of a v2 cgroup be accounted apart, for each controller that the cgroup itself has. */
function enableControllers(folder: string): void {
  for (const controller of readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' ')) {
    if (controller !== '') writeFileSync(join(folder, 'cgroup.subtree_control'), `+${controller}`);
  }
}
