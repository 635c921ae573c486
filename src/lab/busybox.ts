import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A statically linked busybox: the content of the shell images, and the lab's own mount, unshare and ip. */
export interface Busybox {
  readonly path: string;
  readonly program: Buffer;
  /** Names that it answers to. */
  readonly applets: readonly string[];
}

/** For the images of a simulator, in which nothing runs: no program at all, so that it needs nothing of the machine. */
export const noBusybox: Busybox = { path: '', program: Buffer.alloc(0), applets: [] };

const run = promisify(execFile);
const needed = ['sh', 'sleep', 'ip', 'mount', 'umount', 'unshare', 'env', 'cat', 'id', 'nc'];

/** Reads a busybox and asks it for its applets. */
export async function loadBusybox(path: string): Promise<Busybox> {
  const [program, listing] = await Promise.all([readFile(path), run(path, ['--list'])]);
  return { path, program, applets: listing.stdout.split('\n').filter((name) => name !== '') };
}

/** Why a busybox cannot serve, undefined when it can: one that needs shared libraries cannot run in an image of its own. */
export async function busyboxFlaw(path: string): Promise<string | undefined> {
  try {
    const { program, applets } = await loadBusybox(path);
    if (needsInterpreter(program)) return 'is not statically linked';
    const missing = needed.filter((name) => !applets.includes(name));
    return missing.length === 0 ? undefined : `lacks ${missing.join(', ')}`;
  } catch {
    return 'does not run';
  }
}

const programInterpreter = 3;

/** Whether an ELF file names a dynamic loader (a PT_INTERP program header). */
export function needsInterpreter(elf: Buffer): boolean {
  if (elf.length < 64 || elf.toString('latin1', 0, 4) !== '\x7fELF') return true;
  const is64 = elf[4] === 2;
  const offset = is64 ? Number(elf.readBigUInt64LE(32)) : elf.readUInt32LE(28);
  const size = elf.readUInt16LE(is64 ? 54 : 42);
  const count = elf.readUInt16LE(is64 ? 56 : 44);
  return Array.from({ length: count }, (_, index) => elf.readUInt32LE(offset + index * size)).includes(
    programInterpreter,
  );
}
