import {
  ContainerConfigSchema,
  create,
  NamespaceMode,
  type ContainerConfig,
  type MessageInitShape,
  type PodSandboxConfig,
} from '../cri/messages.ts';
import { mergeDeviation } from './deviation.ts';

export type ContainerDeviation = MessageInitShape<typeof ContainerConfigSchema>;

/** An image as CreateContainer wants it: what was pulled, and the name that the user gave. */
export interface PulledImage {
  readonly reference: string;
  /** PullImageResponse.image_ref, or Image.id of one that was there already: what the kubelet puts into ContainerConfig.image. */
  readonly imageRef: string;
}

/** Kept from a container unless its pod spec asks for an unmasked /proc (the kubelet's default ProcMount). */
const maskedPaths = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/**
 * A ContainerConfig as the kubelet builds it for a best-effort container (generateContainerConfig): its labels and the pod's,
 * the pod's namespace options repeated, CPU shares 2, oom_score_adj 1000, masked and read-only paths, a log path below the pod's.
 */
export function containerConfig(
  pod: PodSandboxConfig,
  image: PulledImage,
  name: string,
  deviation: ContainerDeviation = {},
): ContainerConfig {
  const ofPod = pod.linux?.securityContext?.namespaceOptions;
  return create(
    ContainerConfigSchema,
    mergeDeviation<ContainerDeviation>(
      {
        metadata: { name, attempt: 0 },
        image: { image: image.imageRef, userSpecifiedImage: image.reference },
        labels: { ...pod.labels, 'io.kubernetes.container.name': name },
        annotations: {
          'io.kubernetes.container.restartCount': '0',
          'io.kubernetes.container.terminationMessagePolicy': 'File',
        },
        logPath: `${name}/0.log`,
        linux: {
          resources: { cpuPeriod: 100_000n, cpuShares: 2n, oomScoreAdj: 1000n },
          securityContext: {
            namespaceOptions: {
              network: ofPod?.network ?? NamespaceMode.POD,
              pid: ofPod?.pid ?? NamespaceMode.CONTAINER,
              ipc: ofPod?.ipc ?? NamespaceMode.POD,
            },
            maskedPaths,
            readonlyPaths,
          },
        },
      },
      deviation,
    ),
  );
}
