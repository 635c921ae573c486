import type { Host, Target } from '../model/target.ts';

/** Something beside the runtimes themselves in which two targets differ, so that a ratio between them may be due to it. */
export interface DifferingFactor {
  readonly factor: string;
  readonly a: string;
  readonly b: string;
}

/** The machines of two targets; of one machine, its states before either run. */
export interface Hosts {
  readonly a: Host;
  readonly b: Host;
}

/** What every comparison depends on: where only one target tells it, the other's is as suspicious as a different one. */
const decisive = ['storage', 'cni', 'cgroupDriver'];

/** Where a target has its things, which no figure depends on. */
const places = ['cniConfDir'];

/** What follows from the handler, and is no secret where both targets name theirs. */
const handlers = ['lowLevelRuntime', 'defaultRuntimeName', 'DefaultRuntime'];

/** Programs that are the runtime: their versions are what is compared. */
const runtimes = /^(containerd|containerd-shim.*|crio|dockerd|cri-dockerd)$/;

/** Processes a processor beyond which a machine was busy when the run began. */
const busyLoad = 0.5;

const notTold = 'not told';

/**
 * Names the hidden factors in which two targets differ: configuration, programs that take part on both sides and, where hosts
 * are given, the machine. Runtime, version and named handlers are not hidden: they are what is compared.
 */
export function differingFactors(a: Target, b: Target, hosts?: Hosts): readonly DifferingFactor[] {
  return [
    ...configuration(a, b),
    ...common(versions(a), versions(b)).flatMap(([name, one, other]) => differing(`${name} (program)`, one, other)),
    ...differing('CRI version', a.apiVersion, b.apiVersion),
    ...differing('a client beside crible', yesOrNo(a.disturbed), yesOrNo(b.disturbed)),
    ...(hosts === undefined ? differing('machine', a.hostId, b.hostId) : machine(hosts)),
  ];
}

function configuration(a: Target, b: Target): readonly DifferingFactor[] {
  const handlersNamed = a.handler !== '' && b.handler !== '' && a.handler !== b.handler;
  const left = [...places, ...(handlersNamed ? handlers : [])];
  const [one, other] = [settings(a), settings(b)];
  const all = [...new Set([...one.keys(), ...other.keys()])].filter((key) => !left.includes(key));
  return all.flatMap((key) => {
    // Different runtimes have settings that the other cannot have.
    const shared = a.runtimeName === b.runtimeName || decisive.includes(key) || (one.has(key) && other.has(key));
    return shared ? differing(key, one.get(key) ?? notTold, other.get(key) ?? notTold) : [];
  });
}

/** A target's settings under names and in forms that all runtimes have in common. */
function settings({ configuration: told }: Target): ReadonlyMap<string, string> {
  const { snapshotter, storage = snapshotter, sandboxImage, ...rest } = told;
  const common = new Map(Object.entries(rest));
  // containerd's overlayfs and CRI-O's overlay are one file system.
  if (storage !== undefined) common.set('storage', storage === 'overlayfs' ? 'overlay' : storage);
  // A registry of crible's own has another port for each lab.
  if (sandboxImage !== undefined) common.set('sandboxImage', sandboxImage.replace(/^127\.0\.0\.1:\d+\//, ''));
  return common;
}

function versions({ binaries }: Target): ReadonlyMap<string, string> {
  return new Map(binaries.flatMap(({ name, version }) => (runtimes.test(name) ? [] : [[name, version] as const])));
}

function common(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): readonly (readonly [key: string, a: string, b: string])[] {
  return [...a].flatMap(([key, one]) => {
    const other = b.get(key);
    return other === undefined ? [] : [[key, one, other] as const];
  });
}

function machine({ a, b }: Hosts): readonly DifferingFactor[] {
  const load = (host: Host): string => {
    const perProcessor = (host.loadAverage[0] ?? 0) / host.cpuCount;
    return perProcessor < busyLoad
      ? 'idle before the run'
      : `${perProcessor.toFixed(1)} processes a processor before the run`;
  };
  return [
    ...differing('machine', a.hostname, b.hostname),
    ...differing('operating system', a.os, b.os),
    ...differing('kernel', a.kernel, b.kernel),
    ...differing('processor', a.cpuModel, b.cpuModel),
    ...differing('processors', String(a.cpuCount), String(b.cpuCount)),
    ...differing('memory', gibibytes(a.memoryBytes), gibibytes(b.memoryBytes)),
    ...differing('cgroup layout', a.cgroupLayout, b.cgroupLayout),
    ...differing('processor frequency governor', a.cpuGovernor ?? notTold, b.cpuGovernor ?? notTold),
    ...differing('load', load(a), load(b)),
    ...differing('Node.js', a.node, b.node),
  ];
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function differing(factor: string, a: string, b: string): readonly DifferingFactor[] {
  return a === b ? [] : [{ factor, a, b }];
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
