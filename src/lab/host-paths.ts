import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { withHostLock } from './host-lock.ts';
import { hierarchies } from './daemon-cgroup.ts';
import { wiredFolders } from './daemon.ts';
import { hasHostPortChains, removeHostPortChains } from './iptables.ts';
import { runRoot } from './lab-name.ts';

const absentFile = join(runRoot, 'absent-before.json');
const absentSchema = z.object({ folders: z.array(z.string()), hostPortChains: z.boolean() });

/**
 * What no single lab owns: folders that containerd has wired in and that must exist to be mounted over, the cgroup of
 * pods without a parent, the chains that all portmap plug-ins share. Each lab notes which of them the machine
 * did not have when it came, the last one removes those again.
 */
export async function claimHostPaths(runFolder: string): Promise<void> {
  await withHostLock('host-paths', async () => {
    mkdirSync(runRoot, { recursive: true, mode: 0o755 });
    const noted = readAbsent();
    const folders = [...new Set([...noted.folders, ...sharedFolders().filter((path) => !existsSync(path))])];
    const hostPortChains = noted.hostPortChains || !(await hasHostPortChains());
    writeFileSync(absentFile, JSON.stringify({ folders, hostPortChains }));
    mkdirSync(runFolder, { recursive: true, mode: 0o755 });
    for (const { path } of wiredFolders) mkdirSync(path, { recursive: true, mode: 0o711 });
  });
}

/** Removes a lab's run folder, and with the last lab's everything that was found absent. */
export async function releaseHostPaths(runFolder: string): Promise<void> {
  await withHostLock('host-paths', async () => {
    rmSync(runFolder, { recursive: true, force: true });
    if (!existsSync(runRoot) || labRunFolders().length > 0) return;
    const absent = readAbsent();
    for (const path of absent.folders) removeEmpty(path);
    if (absent.hostPortChains) await removeHostPortChains();
    for (const { root } of hierarchies()) removeEmpty(join(root, 'crible'));
    rmSync(absentFile, { force: true });
    removeEmpty(runRoot);
  });
}

function sharedFolders(): readonly string[] {
  return [...wiredFolders.map(({ path }) => path), ...hierarchies().map(({ root }) => join(root, 'k8s.io'))];
}

function labRunFolders(): readonly string[] {
  return readdirSync(runRoot, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function readAbsent(): z.infer<typeof absentSchema> {
  try {
    return absentSchema.parse(JSON.parse(readFileSync(absentFile, 'utf8')));
  } catch {
    return { folders: [], hostPortChains: false };
  }
}

/** A folder that others have put something into is theirs now. */
function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // ENOENT, ENOTEMPTY, EBUSY
  }
}
