import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  create,
  NamespaceMode,
  PodSandboxConfigSchema,
  SecurityProfile_ProfileType,
  type MessageInitShape,
  type PodSandboxConfig,
} from '../cri/messages.ts';
import { runFolder } from './home.ts';
import { ownLabels, runNamespace } from './labels.ts';
import { mergeDeviation } from './deviation.ts';
import type { TargetContext } from './target-context.ts';

/** In what a request differs on purpose from what the kubelet would send; fields that are not named keep the kubelet's shape. */
export type PodSandboxDeviation = MessageInitShape<typeof PodSandboxConfigSchema>;

/**
 * A PodSandboxConfig as the kubelet builds it (generatePodSandboxConfig): explicit namespace options, kubelet labels, a cgroup parent
 * in the driver's style, a log directory, the RuntimeDefault seccomp profile for the sandbox itself.
 */
export function podSandboxConfig(
  target: TargetContext,
  scope: string,
  deviation: PodSandboxDeviation = {},
): PodSandboxConfig {
  const uid = randomUUID();
  const name = `pod-${uid.slice(0, 8)}`;
  const namespace = runNamespace(target.runId);
  return create(
    PodSandboxConfigSchema,
    mergeDeviation<PodSandboxDeviation>(
      {
        metadata: { name, uid, namespace, attempt: 0 },
        hostname: name,
        logDirectory: join(runFolder(target.runId), 'pods', uid),
        labels: {
          'io.kubernetes.pod.name': name,
          'io.kubernetes.pod.namespace': namespace,
          'io.kubernetes.pod.uid': uid,
          ...ownLabels(target.runId, target.owner, scope),
        },
        linux: {
          cgroupParent: cgroupParent(target, uid),
          securityContext: {
            namespaceOptions: { network: NamespaceMode.POD, pid: NamespaceMode.CONTAINER, ipc: NamespaceMode.POD },
            seccomp: { profileType: SecurityProfile_ProfileType.RuntimeDefault },
          },
        },
      },
      deviation,
    ),
  );
}

/** The cgroup below which all pods of a run on one target live, cgroupfs style. */
export function runCgroup(runId: string): string {
  return `/crible-${runId}`;
}

/** Whether a pod's cgroup is made and removed by whoever runs the pod; slices are systemd's. */
export function isMadeByHand(cgroup: string): boolean {
  return cgroup.startsWith('/') && !cgroup.endsWith('.slice');
}

function cgroupParent(target: TargetContext, uid: string): string {
  switch (target.cgroupDriver) {
    case 'systemd':
      // A slice's name spells its ancestors, and the kubelet sends them too (CgroupName.ToSystemd).
      return `/crible.slice/crible-pod${uid.replaceAll('-', '_')}.slice`;
    case 'cgroupfs':
    case 'unknown':
      return `${runCgroup(target.runId)}/pod${uid}`;
  }
}
