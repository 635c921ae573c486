import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The kernel's switch; whoever may write it may drop the caches of the whole machine (proc_sys_vm(5)). */
export const dropCachesSwitch = '/proc/sys/vm/drop_caches';

/** Drops the machine's page cache, dentries and inodes, so that files are read from disk again; what is unwritten is written first. */
export async function dropCaches(): Promise<void> {
  await run('sync');
  await writeFile(dropCachesSwitch, '3');
}
