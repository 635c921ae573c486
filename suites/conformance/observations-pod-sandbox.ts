import type { ObservationDeclaration } from '../../src/model/observation.ts';

/** The ways in which runtimes may differ in pod sandboxes without breaking a promise. */
export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'pod-sandbox-stats.parts',
    meaning: 'what of a pod the node’s summary can show when it comes from the runtime',
    stability: 'exact',
    source: 'recorded: CRI-O 1.37 on cgroup v1 tells the network alone, containerd CPU, memory, network and processes',
  },
  {
    key: 'pod-sandbox.address-after-stop',
    meaning: 'whether a stopped sandbox still names an address that may belong to another pod by then',
    stability: 'exact',
    source: 'recorded: CRI-O 1.37 keeps it, containerd and Docker drop it',
  },
  {
    key: 'pod-sandbox.container-statuses',
    meaning:
      'whether PodSandboxStatus tells of the pod’s containers, which spares the kubelet calls when it works by events',
    stability: 'exact',
    source:
      'source: CRI-O fills containers_statuses and timestamp with enable_pod_events; containerd did in 2.0.0 to 2.0.2',
  },
  {
    key: 'pod-sandbox.run-twice',
    meaning: 'whether a client whose RunPodSandbox timed out can simply ask again',
    stability: 'exact',
    source:
      'recorded: containerd 1.6.20 refuses with Unknown, 2.1.9 with FailedPrecondition, CRI-O 1.37 answers the first one’s id',
  },
  {
    key: 'pod-sandbox.stop-ends-containers',
    meaning:
      'whether containers get to end by themselves when only their sandbox is stopped: unsaved data, connections not drained',
    stability: 'exact',
    source:
      'source: containerd kills at once, CRI-O sends the stop signal first and gives what is left of the call’s deadline',
  },
  {
    key: 'pod-sandbox.unknown-id',
    meaning:
      'by which code each call says that a sandbox is gone: a client that looks for NotFound alone misses the others',
    stability: 'exact',
    source:
      'recorded: containerd 1.6.20 NotFound throughout, CRI-O 1.37 Unknown for PodSandboxStats and success for PortForward',
  },
  {
    key: 'pod-sandbox.verbose-info',
    meaning: 'the keys that crictl inspectp and node debugging scripts can rely on',
    stability: 'set',
    source:
      'source: containerd has one key info with everything in it, CRI-O image, pid and runtimeSpec, by its version',
  },
];
