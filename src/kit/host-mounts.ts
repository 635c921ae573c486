import { execFile, spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { promisify } from 'node:util';
import type { CaseContext } from './case.ts';
import { textOf } from './cgroup-usage.ts';
import { SetupError } from './setup.ts';
import { runtimeProcess } from './runtime-process.ts';

const run = promisify(execFile);
const commandMs = 10_000;

/**
 * Mounts at and below one folder, made in the mount namespace of a process: a runtime hands on to its containers what is
 * mounted where it lives, which need not be where we are.
 */
export class HostMounts {
  readonly folder: string;
  readonly #pid: number;

  /** @param pid a process in the mount namespace, in which the folder has the same path */
  constructor(pid: number, folder: string) {
    this.#pid = pid;
    this.folder = realpathSync(folder);
  }

  /** Mounts an empty file system of its own. @throws Error with the words of mount(8) */
  async tmpfs(at: string): Promise<void> {
    await this.#inside('mount', '-t', 'tmpfs', '-o', 'size=64k', 'crible', at);
  }

  /** Makes a folder a mount point of its own, whose mounts reach all copies of it and the other way round. @throws Error */
  async share(folder: string): Promise<void> {
    await this.#inside('mount', '--bind', folder, folder);
    await this.#inside('mount', '--make-rshared', folder);
  }

  /** Mount points at and below the folder, in the order in which they were mounted. */
  list(): readonly string[] {
    return mountPointsBelow(this.folder, this.#pid);
  }

  /** Unmounts whatever is mounted at and below the folder, whoever mounted it. @throws Error naming what stays */
  async undo(): Promise<void> {
    const made = this.list();
    // What goes with another one is unmounted already: what is left says whether it worked.
    if (made.length > 0) await this.#inside('umount', '-l', ...made.toReversed()).catch(() => undefined);
    const left = this.list();
    if (left.length > 0) throw new Error(`still mounted: ${left.join(', ')}`);
  }

  async #inside(...command: readonly string[]): Promise<void> {
    await run('nsenter', ['-t', String(this.#pid), '-m', '--', ...command], { timeout: commandMs });
  }
}

/** The body of a case that mounts on the runtime's host, below a folder of its own; all is unmounted with it. Takes the feature host-mounts. */
export function withHostMounts(
  body: (context: CaseContext, mounts: HostMounts) => Promise<void>,
): (context: CaseContext) => Promise<void> {
  return async (context) => {
    const owner = runtimeProcess(context.target);
    if (!owner.ok) throw new SetupError('find the process of the runtime', new Error(owner.problem));
    const mounts = new HostMounts(owner.pid, context.given.hostFolder());
    try {
      await body(context, mounts);
    } finally {
      await mounts.undo();
    }
  };
}

/** Unmounts what a run that was killed left mounted at and below a folder, as far as it is mounted in our namespace. @returns what stays */
export function unmountBelow(folder: string): readonly string[] {
  const real = realpathSync(folder);
  const made = mountPointsBelow(real, 'self');
  if (made.length > 0) spawnSync('umount', ['-l', ...made.toReversed()], { stdio: 'ignore', timeout: commandMs });
  return mountPointsBelow(real, 'self');
}

/** Field 5 of /proc/PID/mountinfo (proc(5)), where blanks and backslashes are written in octal. */
function mountPointsBelow(folder: string, pid: number | 'self'): readonly string[] {
  const lines = (textOf(`/proc/${String(pid)}/mountinfo`) ?? '').split('\n');
  return lines
    .map((line) =>
      (line.split(' ')[4] ?? '').replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(parseInt(octal, 8)),
      ),
    )
    .filter((path) => path === folder || path.startsWith(`${folder}/`));
}
