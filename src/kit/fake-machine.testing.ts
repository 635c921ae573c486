import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { cgroupTrees, type Machine } from './cgroup-usage.ts';

/** Texts of kernel files by path, as `proc/1/stat` and `sys/fs/cgroup/cpu.stat`; `-> TARGET` makes a link. */
export type Files = Readonly<Record<string, string>>;

/** A machine that was recorded elsewhere: its files lie in a folder, and its mountinfo leads there. */
export function fakeMachine(
  files: Files,
  mountInfo = '',
): Machine & { readonly root: string; add: (more: Files) => void } {
  const root = mkdtempSync(join(tmpdir(), 'crible-machine-'));
  after(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const add = (more: Files): void => {
    for (const [path, text] of Object.entries(more)) {
      const file = join(root, path);
      mkdirSync(dirname(file), { recursive: true });
      if (text.startsWith('-> ')) symlinkSync(text.slice(3), file);
      else writeFileSync(file, text);
    }
  };
  add(files);
  return {
    root,
    add,
    proc: join(root, 'proc'),
    trees: cgroupTrees(mountInfo.replaceAll(' /sys/fs/', ` ${root}/sys/fs/`)),
  };
}

/** Debian 10 with systemd.unified_cgroup_hierarchy=0, and no v2 tree beside. */
export const v1Mounts = `
24 18 0:22 / /sys/fs/cgroup ro,nosuid,nodev,noexec shared:9 - tmpfs tmpfs ro,mode=755
25 24 0:23 / /sys/fs/cgroup/systemd rw,nosuid,nodev,noexec,relatime shared:10 - cgroup cgroup rw,xattr,name=systemd
28 24 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid,nodev,noexec,relatime shared:12 - cgroup cgroup rw,cpu,cpuacct
29 24 0:27 / /sys/fs/cgroup/memory rw,nosuid,nodev,noexec,relatime shared:13 - cgroup cgroup rw,memory
`;

/** One tree a controller, and a v2 tree without controllers beside them. */
export const hybridMounts = `
33 22 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
34 33 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
35 33 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct
37 33 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
42 33 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd
43 33 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;

export const v2Mounts = `
25 24 0:22 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot
`;
