import type { ObservationDeclaration } from '../../src/model/observation.ts';

/** The ways in which runtimes may differ in images, metrics and the runtime itself without breaking a promise. */
export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'image.fs-info',
    meaning: 'whether inodes and a separate container file system are told, by which the kubelet evicts',
    stability: 'exact',
    source: 'recorded: CRI-O 1.37 and cri-dockerd fill container_filesystems, containerd 1.6.20 to 2.1.9 does not',
  },
  {
    key: 'image.id',
    meaning: 'the form of image ids in lists and statuses, which scripts compare as text',
    stability: 'exact',
    source: 'recorded: containerd 1.6.20 and Docker answer sha256:hex, CRI-O 1.37 the bare hex',
  },
  {
    key: 'image.list-filter',
    meaning: 'whether ListImages with a name answers one image or all of them',
    stability: 'exact',
    source: 'source: containerd leaves the filter out of account, CRI-O and cri-dockerd obey it',
  },
  {
    key: 'image.pull-ref',
    meaning: 'the form of what PullImage answers, which becomes the image of the next CreateContainer',
    stability: 'exact',
    source: 'recorded: containerd 1.6.20 the image id, CRI-O 1.37 the bare hex, Docker name@sha256',
  },
  {
    key: 'image.pull-refusals',
    meaning: 'by which codes a pull fails: whether a client can tell a wrong name from an unreachable registry',
    stability: 'exact',
    source:
      'recorded: containerd answers NotFound for an absent name or tag, CRI-O and Docker Unknown; a malformed name is Unknown to all',
  },
  {
    key: 'image.remove-by-tag',
    meaning: 'whether removing one tag frees the disk space of an image or only hides one of its names',
    stability: 'exact',
    source: 'source: containerd removes every name of the image, CRI-O the given one',
  },
  {
    key: 'metric.names',
    meaning:
      'which metrics of cAdvisor a node keeps when it takes them from the runtime: dashboards and alarms ask by name',
    stability: 'set',
    source: 'recorded: CRI-O 1.37 has container_last_seen alone unless it is configured; containerd has them from 2.2',
  },
  {
    key: 'runtime.other-conditions',
    meaning:
      'conditions beyond RuntimeReady and NetworkReady: a health check that wants all of them true fails on a warning',
    stability: 'exact',
    source: 'recorded: containerd 2.1.9 adds ContainerdHasNoDeprecationWarnings, 1.6.20 and CRI-O nothing',
  },
  {
    key: 'runtime.verbose-info',
    meaning: 'the keys under which a runtime tells its configuration to support tools',
    stability: 'set',
    source: 'recorded: containerd has config, golang and the state of CNI, CRI-O config alone',
  },
];
