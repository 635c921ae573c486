import type { ObservationDeclaration } from '../../src/model/observation.ts';

/** The ways in which runtimes may differ without breaking a promise; a case that observes a key which is not here is a defect. */
export const observationKeys: ObservationDeclaration[] = [
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
    key: 'container.verbose-info',
    meaning: 'the keys that crictl inspect and node debugging scripts can rely on',
    stability: 'set',
    source: 'recorded: containerd has one key info with everything in it, CRI-O several',
  },
  {
    key: 'exec-sync.not-running',
    meaning:
      'what an exec in a container that is not up yet, or no more, comes to: a probe that fails, or one without a result',
    stability: 'exact',
    source:
      'recorded: containerd 1.6.20 Unknown for both, CRI-O 1.37 runs it in a created one and says NotFound for an exited one',
  },
  {
    key: 'exec-sync.timeout',
    meaning:
      'how a command that ran out of time is reported: clients that know one form only take the other for a result',
    stability: 'exact',
    source: 'recorded: containerd and Docker answer DeadlineExceeded, CRI-O 1.37 succeeds with exit code -1',
  },
  {
    key: 'exec-sync.unknown-command',
    meaning: 'whether a missing probe command is a failed probe or an error without a result',
    stability: 'exact',
    source: 'recorded: containerd and CRI-O answer Unknown, Docker 28.5 succeeds and prints the error',
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
    key: 'log.carriage-return',
    meaning: 'whether a log collector sees the carriage returns of CR LF line ends',
    stability: 'exact',
    source: 'source: containerd drops a CR before LF, conmon keeps it',
  },
  {
    key: 'log.file-mode',
    meaning: 'whether a log collector that is not root may read the files through its group',
    stability: 'exact',
    source: 'recorded: containerd 0640, CRI-O with conmon 2.1.6 0600',
  },
  {
    key: 'log.record-size-bytes',
    meaning: 'at which size a line is cut into records: multi-line parsers and collectors have limits of their own',
    stability: 'exact',
    source: 'recorded: containerd 1.6.20 16384, CRI-O 1.37 with conmon 2.1.6 8192',
  },
  {
    key: 'log.reopen-of-exited',
    meaning: 'what log rotation meets when a container exits while it is rotated',
    stability: 'exact',
    source: 'recorded: containerd and CRI-O refuse with Unknown; the proto allows a new file as well',
  },
  {
    key: 'log.timestamp',
    meaning:
      'how log times are written: a collector’s pattern made for one form misses the other, and mixed ones do not sort as text',
    stability: 'exact',
    source:
      'recorded: containerd 1.6.20 ends with Z and drops trailing zeros, CRI-O 1.37 has +00:00 and nine digits always',
  },
  {
    key: 'log.unfinished-line',
    meaning: 'whether a prompt or progress bar without a newline is seen in the log while it stands',
    stability: 'exact',
    source: 'source: conmon writes what it reads as a part at once, containerd waits for the end of the line',
  },
  {
    key: 'pod-sandbox.address-after-stop',
    meaning: 'whether a stopped sandbox still names an address that may belong to another pod by then',
    stability: 'exact',
    source: 'recorded: CRI-O 1.37 keeps it, containerd and Docker drop it',
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
  {
    key: 'attach.not-running',
    meaning: 'by which code, or where else, an attach to a container that does not run is refused',
    stability: 'exact',
    source: 'source: containerd checks the state in the call, CRI-O when the stream is connected',
  },
  {
    key: 'exec-stream.exit-message',
    meaning: 'the words beside an exit code, which clients print and scripts look for',
    stability: 'exact',
    source:
      'recorded: containerd repeats the command, CRI-O says exit status 3, Docker Error executing in Docker Container',
  },
  {
    key: 'exec-stream.not-running',
    meaning: 'by which code, or where else, an exec in a container that does not run is refused',
    stability: 'exact',
    source: 'source: containerd checks the state in the call, CRI-O when the stream is connected',
  },
  {
    key: 'exec-stream.protocol',
    meaning: 'whether a client can end stdin alone over WebSocket (v5), or only with the connection (v4)',
    stability: 'exact',
    source:
      'recorded: containerd, CRI-O and cri-dockerd refuse v5 alone with 403; KEP-4006 brings it to runtimes later',
  },
  {
    key: 'exec-stream.second-use',
    meaning: 'what a client that tries again meets: the HTTP status of a token that has been used',
    stability: 'exact',
    source:
      'source: the kubelet’s streaming library answers 404; a runtime with a server of its own may say something else',
  },
  {
    key: 'exec-stream.unknown-command',
    meaning:
      'what kubectl exec of a missing command comes to: exit code 126 or 127 of the command, or an error without one',
    stability: 'exact',
    source: 'recorded for ExecSync: containerd and CRI-O answer an error, Docker 28.5 an exit code',
  },
  {
    key: 'exec-stream.url',
    meaning: 'where streams are served: scheme, address and path, which firewalls and proxies must let through',
    stability: 'exact',
    source:
      'recorded: containerd and CRI-O http://127.0.0.1:PORT/exec/TOKEN, cri-dockerd //127.0.0.1:PORT/cri/exec/TOKEN',
  },
  {
    key: 'port-forward.closed-port',
    meaning: 'what kubectl port-forward prints when nobody listens',
    stability: 'exact',
    source:
      'source: containerd dials inside the pod’s network and names the namespace, cri-dockerd runs socat and passes its words on',
  },
  {
    key: 'port-forward.stopped-sandbox',
    meaning: 'whether the call or only its stream tells that the sandbox is stopped',
    stability: 'exact',
    source:
      'recorded: CRI-O 1.37 answers PortForward with a URL even for an unknown sandbox, containerd refuses the call',
  },
  {
    key: 'container.checkpoint',
    meaning: 'whether the node can write forensic checkpoints of containers, or by which code it says that it cannot',
    stability: 'exact',
    source:
      'recorded: containerd 2.1.9 refuses for want of CRIU and CRI-O 1.37 for being switched off, both with Unknown',
  },
  {
    key: 'container.resources-in-status',
    meaning: 'whether the kubelet can see that a resize was done (in-place update of pod resources)',
    stability: 'exact',
    source: 'recorded: containerd and CRI-O 1.37 fill ContainerStatus.resources, cri-dockerd does not',
  },
  {
    key: 'container.update-not-running',
    meaning: 'what a resize meets that comes before the start or after the end of a container',
    stability: 'exact',
    source: 'source: containerd updates the specification of any container, CRI-O refuses one that has exited',
  },
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
    key: 'image.fs-info',
    meaning: 'whether inodes and a separate container file system are told, by which the kubelet evicts',
    stability: 'exact',
    source: 'recorded: CRI-O 1.37 and cri-dockerd fill container_filesystems, containerd 1.6.20 to 2.1.9 does not',
  },
  {
    key: 'metric.names',
    meaning:
      'which metrics of cAdvisor a node keeps when it takes them from the runtime: dashboards and alarms ask by name',
    stability: 'set',
    source: 'recorded: CRI-O 1.37 has container_last_seen alone unless it is configured; containerd has them from 2.2',
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
    key: 'pod-sandbox-stats.parts',
    meaning: 'what of a pod the node’s summary can show when it comes from the runtime',
    stability: 'exact',
    source: 'recorded: CRI-O 1.37 on cgroup v1 tells the network alone, containerd CPU, memory, network and processes',
  },
];
