import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../kit/process-identity.ts';
import { hierarchies } from './daemon-cgroup.ts';
import { withHostLock } from './host-lock.ts';
import { networkRules } from './iptables.ts';
import type { Lab } from './lab.ts';
import { LabError } from './lab-error.ts';
import { labPlaces, type LabPlaces } from './lab-name.ts';
import { allProcesses, markedProcesses } from './lab-process.ts';
import { bootId, recordedLabs, type LabRecord } from './lab-record.ts';
import { mountsBelow, removeLab } from './remove-lab.ts';
import { runningLab } from './start-lab.ts';

/** What `crible lab status` tells of a lab. */
export interface LabStatus {
  readonly name: string;
  /** `dead`: it should run and does not, or was never completely started or stopped; stopping it cleans up. */
  readonly state: 'running' | 'starting' | 'stopping' | 'dead';
  /** Undefined when the record was lost. */
  readonly owner: LabRecord['owner'] | undefined;
  /** Whether the process lives that started it: for a run's lab, the run. */
  readonly ownerAlive: boolean;
  readonly since: string | undefined;
  readonly endpoint: string | undefined;
  readonly lab: Lab | undefined;
}

/** Every lab of this home, also those that dead processes left. */
export function listLabs(): readonly LabStatus[] {
  return recordedLabs().map(({ places, record }) => {
    const lab = runningLab(places);
    const ownerAlive = record?.bootId === bootId() && isAlive(record.starter);
    const busy = ownerAlive && record.phase !== 'running' ? record.phase : 'dead';
    return {
      name: places.name,
      state: lab ? 'running' : busy,
      owner: record?.owner,
      ownerAlive,
      since: record?.since,
      endpoint: lab?.endpoint,
      lab,
    };
  });
}

interface StopOptions {
  readonly progress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Stops a lab and removes everything of it, whoever it belongs to. Works on what a killed daemon, a killed crible or a
 * reboot left, too. The signal ends the wait for another process that is busy with the lab, not the removal.
 * @throws LabError `unknown-lab`, `busy`, `not-removed`
 */
export async function stopLab(name: string, { progress, signal }: StopOptions = {}): Promise<void> {
  const places = labPlaces(name);
  if (!existsSync(places.folder) && (await labLeftovers(name)).length === 0) {
    const names = recordedLabs().map((other) => other.places.name);
    throw new LabError(
      'unknown-lab',
      `there is no lab '${name}'`,
      names.length === 0 ? 'there are no labs' : `the labs are ${names.join(', ')}`,
    );
  }
  progress?.(`stopping ${name}`);
  await withHostLock(`lab ${places.folder}`, () => removeLab(places, { progress }), { signal });
}

/** What a run does with a lab when it ends: stops its own, leaves the user's. */
export async function releaseLab(lab: Lab, options: StopOptions = {}): Promise<void> {
  if (lab.owner.kind === 'run') await stopLab(lab.name, options);
}

/**
 * Stops the labs of runs whose process is dead, and those whose start or stop broke off.
 * @returns the names of the labs that are gone
 */
export async function stopStaleLabs(options: StopOptions = {}): Promise<readonly string[]> {
  const stale = listLabs().filter(
    ({ state, owner, ownerAlive }) => !ownerAlive && (state === 'dead' || owner?.kind !== 'user'),
  );
  for (const { name } of stale) await stopLab(name, options);
  return stale.map(({ name }) => name);
}

/** Everything on this machine that belongs to the lab of that name, in words; empty when nothing does. */
export async function labLeftovers(name: string): Promise<readonly string[]> {
  const places = labPlaces(name);
  const cgroups = hierarchies().map(({ root }) => join(root, places.cgroup));
  const files = [places.folder, places.runFolder, `/sys/class/net/${places.bridge}`, ...cgroups];
  return [
    ...markedProcesses(places).map((pid) => `process ${String(pid)}`),
    ...files.filter((path) => existsSync(path)),
    ...mountsAnywhere(places),
    ...(await networkRules(places.network)).map((rule) => `iptables rule ${rule}`),
    ...foreignTraces(places),
  ];
}

/** Mounts in the mount namespaces of all processes. */
function mountsAnywhere(places: LabPlaces): readonly string[] {
  const found = allProcesses().flatMap((pid) => {
    try {
      return mountsBelow(places, readFileSync(`/proc/${String(pid)}/mountinfo`, 'utf8'));
    } catch {
      return [];
    }
  });
  return [...new Set(found)].map((path) => `mount ${path}`);
}

/** Files that containerd and CNI would have put into the machine's own folders, had the lab not one of its own there. */
function foreignTraces({ network }: LabPlaces): readonly string[] {
  const results = '/var/lib/cni/results';
  if (!existsSync(results)) return [];
  return readdirSync(results)
    .filter((name) => name.startsWith(`${network}-`))
    .map((name) => join(results, name));
}
