import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** One mounted cgroup tree, as /proc/self/mountinfo (proc(5)) tells of it. */
export interface CgroupTree {
  readonly mountPoint: string;
  /** The cgroup that is seen at the mount point: `/` unless only a part of the tree was mounted. */
  readonly root: string;
  /** cgroup v2; a v1 tree has its controllers among its options. */
  readonly unified: boolean;
  readonly options: readonly string[];
}

/** Where the kernel's files are read: this machine's, or a recording of another one's. */
export interface Machine {
  readonly proc: string;
  readonly trees: readonly CgroupTree[];
}

/** A cgroup in the tree that accounts CPU time and in the one that accounts memory; with cgroup v1 they are two. */
export interface Cgroup {
  readonly cpu: CgroupFolder | undefined;
  readonly memory: CgroupFolder | undefined;
}

export interface CgroupFolder {
  readonly path: string;
  readonly unified: boolean;
}

/** CPU time of a cgroup with everything below it, also of what was there and is gone; a removed and remade one has another inode. */
export interface CgroupCpu {
  readonly cpuNs: number;
  readonly inode: number;
}

let known: Machine | undefined;

export function thisMachine(): Machine {
  known ??= { proc: '/proc', trees: cgroupTrees(textOf('/proc/self/mountinfo') ?? '') };
  return known;
}

/** The trees of a machine, from the text of mountinfo: mount point and root before ` - `, type and super options after it. */
export function cgroupTrees(mountInfo: string): readonly CgroupTree[] {
  return mountInfo.split('\n').flatMap((line): readonly CgroupTree[] => {
    const [mount = '', file = ''] = line.split(' - ');
    const [, , , root, mountPoint] = mount.split(' ');
    const [type, , options = ''] = file.split(' ');
    if (root === undefined || mountPoint === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return [];
    const unified = type === 'cgroup2';
    return [{ mountPoint: unescaped(mountPoint), root: unescaped(root), unified, options: options.split(',') }];
  });
}

/** The kernel writes blanks in mountinfo as octal numbers. */
function unescaped(path: string): string {
  return path.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** The cgroup that a process is in; undefined when the process is gone. */
export function cgroupOf(pid: number, machine: Machine = thisMachine()): Cgroup | undefined {
  const text = textOf(join(machine.proc, String(pid), 'cgroup'));
  if (text === undefined) return undefined;
  const lines = text.split('\n').flatMap((line) => {
    const found = /^\d+:(?<controllers>[^:]*):(?<path>.*)$/.exec(line)?.groups;
    return found ? [{ controllers: (found['controllers'] ?? '').split(','), path: found['path'] ?? '' }] : [];
  });
  return place(machine, (tree, controller) => {
    const controllers = tree.unified ? '' : controller;
    return lines.find((line) => line.controllers.includes(controllers))?.path;
  });
}

/** The cgroup of a path that is the same in every tree, whether or not it exists. */
export function cgroupAt(path: string, machine: Machine = thisMachine()): Cgroup {
  return place(machine, () => path);
}

/**
 * A controller has processes accounted in one tree only: its v1 tree where there is one, else the v2 tree. (The v2 tree beside
 * v1 trees may hold none of the processes that the v1 trees account.)
 */
function place(machine: Machine, pathIn: (tree: CgroupTree, controller: string) => string | undefined): Cgroup {
  const folder = (controller: string): CgroupFolder | undefined =>
    folderOf(machine, controller, (tree) => pathIn(tree, controller));
  return { cpu: folder('cpuacct'), memory: folder('memory') };
}

/** The cgroup of a path in the tree of one controller, by its cgroup v1 name; whether or not it exists. */
export function cgroupFolder(
  path: string,
  controller: string,
  machine: Machine = thisMachine(),
): CgroupFolder | undefined {
  return folderOf(machine, controller, () => path);
}

function folderOf(
  machine: Machine,
  controller: string,
  pathIn: (tree: CgroupTree) => string | undefined,
): CgroupFolder | undefined {
  const v1 = machine.trees.filter((tree) => !tree.unified && tree.options.includes(controller));
  for (const tree of v1.length > 0 ? v1 : machine.trees.filter(({ unified }) => unified)) {
    const path = folderIn(tree, pathIn(tree));
    if (path !== undefined) return { path, unified: tree.unified };
  }
  return undefined;
}

/** A path that begins with `/..` lies outside of our cgroup namespace, one outside of the root outside of what is mounted. */
function folderIn({ mountPoint, root }: CgroupTree, path: string | undefined): string | undefined {
  if (path === undefined || `${path}/`.startsWith('/../')) return undefined;
  const above = root === '/' ? '' : root;
  if (path !== above && !path.startsWith(`${above}/`)) return undefined;
  return join(mountPoint, path.slice(above.length)).replace(/\/$/, '');
}

/** @returns undefined when there is no such cgroup, or the layout is unknown */
export function cgroupCpu({ cpu }: Pick<Cgroup, 'cpu'>): CgroupCpu | undefined {
  if (cpu === undefined) return undefined;
  // cpu.stat has its usage whether or not the cpu controller is on (kernel documentation, cgroup-v2, CPU interface files).
  const text = cpu.unified
    ? /^usage_usec (\d+)$/m.exec(textOf(join(cpu.path, 'cpu.stat')) ?? '')?.[1]
    : /^\d+$/m.exec(textOf(join(cpu.path, 'cpuacct.usage')) ?? '')?.[0];
  if (text === undefined) return undefined;
  try {
    return { cpuNs: Number(text) * (cpu.unified ? 1000 : 1), inode: statSync(cpu.path).ino };
  } catch {
    return undefined;
  }
}

/** Memory in use with everything below, less the file cache that can be given back at once: what the kubelet calls the working set. */
export function cgroupMemoryBytes({ memory }: Cgroup): number | undefined {
  if (memory === undefined) return undefined;
  const usage = textOf(join(memory.path, memory.unified ? 'memory.current' : 'memory.usage_in_bytes'));
  const stat = textOf(join(memory.path, 'memory.stat'));
  if (usage === undefined || stat === undefined) return undefined;
  const inactive = (memory.unified ? /^inactive_file (\d+)$/m : /^total_inactive_file (\d+)$/m).exec(stat)?.[1] ?? '0';
  return Math.max(0, Number(usage) - Number(inactive));
}

/** Processes of a cgroup and of everything below it; pids.current would count threads, and cgroup.procs may name one twice. */
export function cgroupProcesses({ cpu }: Cgroup): ReadonlySet<number> | undefined {
  if (cpu === undefined || !isFolder(cpu.path)) return undefined;
  return new Set(
    [cpu.path, ...foldersBelow(cpu.path)].flatMap((folder) =>
      // A threaded v2 cgroup refuses; its processes stand in the domain above it.
      (textOf(join(folder, 'cgroup.procs')) ?? '').split('\n').filter(Boolean).map(Number),
    ),
  );
}

/** Names of the cgroups right below. */
export function cgroupChildren(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function foldersBelow(folder: string): readonly string[] {
  return cgroupChildren(folder).flatMap((name) => [join(folder, name), ...foldersBelow(join(folder, name))]);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** What can be read; undefined when it is gone or was never there, which happens to processes and cgroups at any moment. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
