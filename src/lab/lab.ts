import type { Binary } from '../model/target.ts';
import { labPlaces } from './lab-name.ts';
import type { LabRecord } from './lab-record.ts';
import { LabError } from './lab-error.ts';
import { registryPrefix } from './registry/server.ts';

/** A private runtime that serves. */
export interface Lab {
  readonly name: string;
  readonly runtime: string;
  /** The runtime's own word on its version. */
  readonly version: string;
  /** `unix:///...`; serves RuntimeService and ImageService. */
  readonly endpoint: string;
  /** Runtime handlers, the default one first. */
  readonly handlers: readonly string[];
  /** The loopback registry with the fixture images. */
  readonly registry: { readonly address: string; readonly pid: number };
  /** What goes before a fixture image's `NAME:TAG`: `127.0.0.1:PORT/crible`. */
  readonly imagePrefix: string;
  /** The daemon's process, and the cgroup that it and its shims are in, by controllers (`unified` for cgroup v2). */
  readonly daemon: { readonly pid: number; readonly cgroups: Readonly<Record<string, string>> };
  readonly cniBridge: string;
  readonly subnet: string;
  /** What pods and cases of this lab cannot do, in sentences. */
  readonly limits: readonly string[];
  readonly provenance: readonly Binary[];
  /** A lab of the user's outlives the run that uses it. */
  readonly owner: LabRecord['owner'];
  /** The lab's folder: configuration, logs, images. */
  readonly folder: string;
}

/** @returns undefined unless the record is of a lab that came up */
export function labOf(record: LabRecord): Lab | undefined {
  const { name, runtime, owner, running } = record;
  if (!running || record.phase !== 'running') return undefined;
  const { bridge, folder } = labPlaces(name);
  return {
    name,
    runtime,
    version: running.runtimeVersion,
    endpoint: running.endpoint,
    handlers: running.handlers,
    registry: running.registry,
    imagePrefix: `${running.registry.address}/${registryPrefix}`,
    daemon: running.daemon,
    cniBridge: bridge,
    subnet: running.subnet,
    limits: running.limits,
    provenance: running.provenance,
    owner,
    folder,
  };
}

/** @throws LabError `handler-missing` naming the lab's handlers and why one is not among them */
export function requireHandler(lab: Lab, handler: string): void {
  if (lab.handlers.includes(handler)) return;
  const why = lab.limits.filter((limit) => limit.startsWith(`no handler ${handler}:`));
  throw new LabError(
    'handler-missing',
    `lab ${lab.name} has no runtime handler '${handler}'${why.length > 0 ? ` (${why.join('; ')})` : ''}`,
    `its handlers are ${lab.handlers.join(', ')}`,
  );
}
