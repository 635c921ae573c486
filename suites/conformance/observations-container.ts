import type { ObservationDeclaration } from '../../src/model/observation.ts';

/** The ways in which runtimes may differ in containers and their processes without breaking a promise. */
export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'container-stats.fields',
    meaning: 'which figures of a container a node can show: page faults, inodes, swap and available memory',
    stability: 'set',
    source: 'recorded: CRI-O 1.37 has swap, containerd 1.6.20 to 2.1.9 not, cri-dockerd the working set alone',
  },
  {
    key: 'container-stats.of-exited',
    meaning: 'what statistics say of a container that has exited: whether its disk space still counts',
    stability: 'exact',
    source: 'recorded: containerd lists it without CPU and memory and refuses ContainerStats, CRI-O answers nothing',
  },
  {
    key: 'container.checkpoint',
    meaning: 'whether the node can write forensic checkpoints of containers, or by which code it says that it cannot',
    stability: 'exact',
    source:
      'recorded: containerd 2.1.9 refuses for want of CRIU and CRI-O 1.37 for being switched off, both with Unknown',
  },
  {
    key: 'container.create-in-stopped-sandbox',
    meaning:
      'which call refuses a container in a stopped sandbox: what a pod’s events say when its sandbox dies while it starts',
    stability: 'exact',
    source:
      'recorded: containerd 1.6.20 refuses CreateContainer with NotFound, CRI-O 1.37 with Unknown, containerd 2.1.9 accepts it',
  },
  {
    key: 'container.create-in-unknown-sandbox',
    meaning: 'the code by which a client could tell a sandbox that is gone from another trouble',
    stability: 'exact',
    source: 'source: containerd passes its NotFound on, CRI-O answers without a code of its own',
  },
  {
    key: 'container.create-twice',
    meaning: 'whether a client whose CreateContainer timed out can simply ask again',
    stability: 'exact',
    source:
      'recorded: containerd 1.6.20 refuses with Unknown, 2.1.9 with FailedPrecondition, CRI-O 1.37 answers the first one’s id',
  },
  {
    key: 'container.create-with-unknown-image',
    meaning: 'the code by which a client could tell a missing image from another trouble',
    stability: 'exact',
    source: 'recorded: containerd 1.6.20 to 2.1.9 NotFound, CRI-O 1.37 and Docker 28.5 Unknown',
  },
  {
    key: 'container.image',
    meaning: 'the image’s name in a container’s status: what kubectl shows after a migration',
    stability: 'exact',
    source:
      'source: containerd gives the first tag that the image has now, CRI-O one of its names, whichever was asked for',
  },
  {
    key: 'container.image-ref',
    meaning: 'the form of imageID in a pod’s status, which admission and scanning tools parse',
    stability: 'exact',
    source: 'recorded: containerd and CRI-O give name@sha256, Docker docker-pullable://name@sha256',
  },
  {
    key: 'container.list-order',
    meaning: 'whether a client may take the first entry of ListContainers for the newest',
    stability: 'exact',
    source: 'source: CRI-O sorts by creation, newest first; containerd 1.6 lists a map, in no order',
  },
  {
    key: 'container.listed-image-ref',
    meaning: 'whether ListContainers and ContainerStatus name the image alike, which image garbage collection compares',
    stability: 'exact',
    source: 'recorded: containerd 1.6.20 lists the image id, CRI-O 1.37 name@sha256',
  },
  {
    key: 'container.resources-in-status',
    meaning: 'whether the kubelet can see that a resize was done (in-place update of pod resources)',
    stability: 'exact',
    source: 'recorded: containerd and CRI-O 1.37 fill ContainerStatus.resources, cri-dockerd does not',
  },
  {
    key: 'container.stopped-before-start',
    meaning: 'whether a container that was stopped before its start still counts as one to start',
    stability: 'exact',
    source: 'recorded: containerd leaves it CREATED, CRI-O 1.37 ends its waiting process',
  },
  {
    key: 'container.unknown-command',
    meaning:
      'which call fails for a command that does not exist, and what is left: CreateContainerError or RunContainerError, exit code 127 or 128',
    stability: 'exact',
    source:
      'recorded: containerd fails StartContainer and keeps it with 128 StartError, CRI-O fails CreateContainer, Docker says 127 ContainerCannotRun',
  },
  {
    key: 'container.unknown-id',
    meaning:
      'by which code each call says that a container is gone: a client that looks for NotFound alone misses the others',
    stability: 'exact',
    source:
      'recorded: containerd 1.6.20 says NotFound throughout, CRI-O 1.37 Unknown for Exec, Attach, ReopenContainerLog and UpdateContainerResources',
  },
  {
    key: 'container.update-not-running',
    meaning: 'what a resize meets that comes before the start or after the end of a container',
    stability: 'exact',
    source: 'source: containerd updates the specification of any container, CRI-O refuses one that has exited',
  },
  {
    key: 'container.verbose-info',
    meaning: 'the keys that crictl inspect and node debugging scripts can rely on',
    stability: 'set',
    source: 'recorded: containerd has one key info with everything in it, CRI-O several',
  },
  {
    key: 'process.capabilities',
    meaning:
      'what a container may do that asks for no capabilities: images that ping, chroot or make devices break after a migration',
    stability: 'set',
    source: 'recorded: containerd gives 14, CRI-O 9 (without NET_RAW, SYS_CHROOT, MKNOD, SETFCAP and AUDIT_WRITE)',
  },
  {
    key: 'process.environment-names',
    meaning: 'the variables that neither image nor pod set: scripts that rely on HOME or HOSTNAME',
    stability: 'set',
    source: 'recorded: containerd sets HOSTNAME, CRI-O HOSTNAME and TERM',
  },
  {
    key: 'process.shared-memory-kib',
    meaning: 'the size of /dev/shm, which databases and browsers fill',
    stability: 'exact',
    source: 'source: 65536 by default in containerd and CRI-O, which an administrator may change in CRI-O',
  },
];
