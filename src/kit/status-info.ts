import { z } from 'zod';
import type { StatusResponse } from '../cri/messages.ts';

/** What a runtime says of its own configuration in Status(verbose).info, as far as it decides whether two targets can be compared. */
export interface StatusInfo {
  /** Names that RunPodSandbox takes; undefined when the runtime does not tell. */
  readonly handlers: readonly string[] | undefined;
  readonly cgroupDriver: 'cgroupfs' | 'systemd' | undefined;
  /** Chosen keys only: the rest of info may hold registry credentials. */
  readonly configuration: Readonly<Record<string, string>>;
}

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String).optional().catch(undefined);
const options = z
  .object({ BinaryName: text, SystemdCgroup: z.boolean().optional().catch(undefined) })
  .nullish()
  .catch(undefined);

/** containerd 1.5 to 2.x: keys in Go's JSON spelling; 2.x leaves the image half out (research: verbose info of each version). */
const containerdConfig = z.object({
  containerd: z
    .object({
      snapshotter: text,
      defaultRuntimeName: text,
      runtimes: z
        .record(z.string(), z.object({ runtimeType: text, options }))
        .optional()
        .catch(undefined),
      discardUnpackedLayers: text,
    })
    .optional(),
  cni: z.object({ confDir: text, maxConfNum: text }).optional().catch(undefined),
  sandboxImage: text,
  systemdCgroup: z.boolean().optional().catch(undefined),
  maxConcurrentDownloads: text,
  maxContainerLogSize: text,
  maxContainerLogLineSize: text,
  restrictOOMScoreAdj: text,
  statsCollectPeriod: text,
  enableSelinux: text,
  unsetSeccompProfile: text,
});

/** CRI-O from 1.33: its RuntimeConfig in Go's field names below `crio`. */
const crioConfig = z.object({
  sandboxImage: text,
  crio: z.object({
    DefaultRuntime: text,
    Runtimes: z
      .record(z.string(), z.object({ RuntimePath: text, RuntimeType: text }))
      .optional()
      .catch(undefined),
    CgroupManagerName: text,
    Conmon: text,
    DropInfraCtr: text,
    EnablePodEvents: text,
    PidsLimit: text,
    LogSizeMax: text,
    LogToJournald: text,
    SELinux: text,
  }),
});

/** Reads the answer to Status(verbose); what is missing or of an unknown form stays unknown. */
export function readStatusInfo({ info, runtimeHandlers }: StatusResponse): StatusInfo {
  const declared = runtimeHandlers.length > 0 ? runtimeHandlers.map(({ name }) => name) : undefined;
  const config = parse(info['config']);
  const crio = crioConfig.safeParse(config);
  if (crio.success) return fromCrio(crio.data, declared);
  const containerd = containerdConfig.safeParse(config);
  if (containerd.success) return fromContainerd(containerd.data, declared);
  return { handlers: declared, cgroupDriver: undefined, configuration: {} };
}

function fromCrio(
  { crio, sandboxImage }: z.infer<typeof crioConfig>,
  declared: readonly string[] | undefined,
): StatusInfo {
  const { Runtimes, CgroupManagerName: driver, ...rest } = crio;
  return {
    handlers: declared ?? (Runtimes ? Object.keys(Runtimes) : undefined),
    cgroupDriver: driver === 'systemd' || driver === 'cgroupfs' ? driver : undefined,
    configuration: defined({ sandboxImage, ...rest }),
  };
}

function fromContainerd(
  { containerd, cni, systemdCgroup, ...rest }: z.infer<typeof containerdConfig>,
  declared: readonly string[] | undefined,
): StatusInfo {
  const runtimes = containerd?.runtimes;
  const ofDefault = runtimes?.[containerd?.defaultRuntimeName ?? ''];
  // Absent means false: the key appears only when it is set or defaulted.
  const systemd = systemdCgroup === true || ofDefault?.options?.SystemdCgroup === true;
  return {
    handlers: declared ?? (runtimes ? Object.keys(runtimes) : undefined),
    cgroupDriver: ofDefault ? (systemd ? 'systemd' : 'cgroupfs') : undefined,
    configuration: defined({
      snapshotter: containerd?.snapshotter,
      defaultRuntimeName: containerd?.defaultRuntimeName,
      discardUnpackedLayers: containerd?.discardUnpackedLayers,
      cniConfDir: cni?.confDir,
      ...rest,
    }),
  };
}

function parse(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return null;
  }
}

function defined(record: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
