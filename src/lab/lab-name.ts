import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cribleHome } from '../kit/home.ts';
import { UsageError } from '../model/error.ts';

/** Which runtime a lab runs: the parts of `lab:RUNTIME[+N][@VERSION]`. */
export interface LabSpec {
  readonly runtime: string;
  readonly instance?: string | undefined;
  readonly version?: string | undefined;
}

/** Where everything of one lab lies; all of it follows from crible's home and the lab's name. */
export interface LabPlaces {
  readonly name: string;
  /** Eight hexadecimal digits that stand for home and name where names must be short. */
  readonly id: string;
  /** The lab's own folder: its record, configuration, logs, images and containers. */
  readonly folder: string;
  readonly recordFile: string;
  /** Sockets and runtime state; short, for a unix socket's path has 107 bytes at most. */
  readonly runFolder: string;
  readonly socket: string;
  readonly bridge: string;
  readonly network: string;
  /** Below the root of every cgroup hierarchy. Pods belong into `CGROUP/pods`. */
  readonly cgroup: string;
}

/** All labs of this machine have their run folders here, whatever the home. */
export const runRoot = '/run/crible';

/**
 * `containerd`, `containerd+2`, `containerd@1.7`; with `.RUN` for a lab that belongs to a run.
 * @throws UsageError when no lab can be made of that runtime
 */
export function labName(spec: LabSpec, runId?: string): string {
  if (spec.runtime !== 'containerd') {
    throw new UsageError(
      `there is no lab for '${spec.runtime}'`,
      'labs exist for containerd; name the socket of any other runtime instead, as in unix:///var/run/crio/crio.sock',
    );
  }
  const instance = spec.instance === undefined ? '' : `+${spec.instance}`;
  const version = spec.version === undefined ? '' : `@${spec.version}`;
  return `${spec.runtime}${instance}${version}${runId === undefined ? '' : `.${runId}`}`;
}

/** The folder that holds one folder for each lab. */
export function labsFolder(): string {
  return join(cribleHome(), 'labs');
}

export function labPlaces(name: string): LabPlaces {
  const folder = join(labsFolder(), name);
  const id = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  const runFolder = join(runRoot, `${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 40)}-${id}`);
  return {
    name,
    id,
    folder,
    recordFile: join(folder, 'lab.json'),
    runFolder,
    socket: join(runFolder, 'containerd.sock'),
    bridge: `crible${id}`,
    network: `crible-${id}`,
    cgroup: `/crible/${id}`,
  };
}
