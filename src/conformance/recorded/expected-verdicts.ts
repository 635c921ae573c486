/** What a recording says of one case. */
export interface ExpectedVerdict {
  readonly caseId: string;
  /** `passed`, or the key of the expectation that fails; nothing where the conversation does not decide it. */
  readonly crio?: string;
  readonly dockerd?: string;
  /** Names of the recorded containers that are created, in their order; `main` where none is named. */
  readonly roles?: readonly string[];
}

const passed = 'passed';

/**
 * Verdicts as they were written down from reading the recordings of CRI-O 1.37 and of Docker 28.5 behind cri-dockerd, before any
 * case was asked of them.
 */
export const expectedVerdicts: readonly ExpectedVerdict[] = [
  { caseId: 'runtime/version/names-the-runtime', crio: passed, dockerd: passed },
  { caseId: 'runtime/status/is-ready', crio: passed, dockerd: passed },
  { caseId: 'runtime/status/info-is-json', crio: passed, dockerd: passed },
  { caseId: 'runtime/config/cgroup-driver', crio: passed, dockerd: passed },

  // Of ids that are not known. Docker says Unknown where the kubelet looks for NotFound, and refuses to end what is not there.
  { caseId: 'pod-sandbox/status/unknown-id', crio: passed, dockerd: 'not-found' },
  { caseId: 'pod-sandbox/stop/unknown-id', crio: passed, dockerd: passed },
  { caseId: 'pod-sandbox/remove/unknown-id', crio: passed, dockerd: passed },
  { caseId: 'pod-sandbox/unknown-id/has-no-stats', crio: passed },
  { caseId: 'container/status/unknown-id', crio: passed, dockerd: 'not-found' },
  { caseId: 'container/start/unknown-id', crio: passed, dockerd: 'not-found' },
  { caseId: 'container/stop/unknown-id', crio: passed, dockerd: 'stop-unknown' },
  { caseId: 'container/remove/unknown-id', crio: passed, dockerd: 'remove-unknown' },
  { caseId: 'container/unknown-id/is-refused', crio: passed, dockerd: passed },
  { caseId: 'exec-sync/unknown-id', crio: passed, dockerd: 'not-found' },
  // CRI-O says Unknown for streams, and answers a URL to forward ports of nothing.
  { caseId: 'exec-stream/unknown-id', crio: 'not-found', dockerd: 'not-found' },
  { caseId: 'attach/unknown-id', crio: 'not-found', dockerd: 'not-found' },
  { caseId: 'port-forward/unknown-id', crio: 'not-found', dockerd: 'not-found' },
  { caseId: 'image/pull/unknown', crio: passed, dockerd: passed },

  { caseId: 'pod-sandbox/run/is-ready-at-once', crio: passed, dockerd: passed },
  { caseId: 'pod-sandbox/run/unknown-runtime-handler', crio: passed, dockerd: passed },
  // CRI-O answers the first one’s id, Docker refuses: both are allowed.
  { caseId: 'pod-sandbox/run/same-metadata-twice', crio: passed, dockerd: passed },
  { caseId: 'pod-sandbox/status/labels', crio: passed, dockerd: passed },
  { caseId: 'pod-sandbox/status/annotations', crio: passed, dockerd: passed },
  // Docker’s lists have the time of creation in whole seconds.
  { caseId: 'pod-sandbox/status/created-at', crio: passed, dockerd: 'same-in-list' },
  { caseId: 'pod-sandbox/list/agrees-with-status', crio: passed, dockerd: 'createdAt' },
  { caseId: 'pod-sandbox/stop/is-not-ready-at-once', crio: passed, dockerd: passed },
  { caseId: 'pod-sandbox/stop/is-idempotent', crio: passed, dockerd: passed },
  // Docker’s StopPodSandbox leaves containers running.
  { caseId: 'pod-sandbox/stop/ends-containers', crio: passed, dockerd: 'exited', roles: ['runner'] },
  { caseId: 'pod-sandbox/remove/is-gone-at-once', crio: passed, dockerd: 'no-status' },
  { caseId: 'pod-sandbox/remove/is-idempotent', crio: passed, dockerd: passed },

  // Times that are not set are those of the year 1 with Docker.
  { caseId: 'container/create/is-created', crio: passed, dockerd: 'not-started' },
  { caseId: 'container/start/is-running', crio: passed, dockerd: 'not-finished' },
  { caseId: 'container/create/same-metadata-twice', crio: passed },
  { caseId: 'container/create/unknown-image', crio: passed, dockerd: passed },
  { caseId: 'container/create/stopped-sandbox', crio: passed },
  // Docker answers success to another start, and starts what has exited.
  { caseId: 'container/start/running-container', crio: passed, dockerd: 'refused' },
  { caseId: 'container/start/exited-container', crio: passed, dockerd: 'refused', roles: ['exit3'] },
  { caseId: 'container/status/labels', crio: passed, dockerd: passed },
  { caseId: 'container/status/annotations', crio: passed, dockerd: passed },
  { caseId: 'container/status/log-path', crio: passed, dockerd: passed },
  { caseId: 'container/status/info-only-when-verbose', crio: passed, dockerd: passed },
  // CRI-O’s list and status each have a time of creation of their own, 51 ms apart.
  { caseId: 'container/list/agrees-with-status', crio: 'createdAt', dockerd: 'createdAt' },
  { caseId: 'container/remove/is-idempotent', crio: passed, dockerd: 'second-removal' },
  // Docker’s status tells no limits, which it need not.
  { caseId: 'container/update/in-status', dockerd: passed },
  { caseId: 'container/checkpoint/leaves-it-running', crio: passed },

  { caseId: 'exec-sync/unknown-command', crio: passed, dockerd: passed },
  { caseId: 'exec-sync/exited-container', crio: passed, roles: ['main', 'exit3'] },
  { caseId: 'exec-stream/no-streams', crio: passed, dockerd: passed },
  { caseId: 'exec-stream/tty-with-stderr', crio: passed, dockerd: passed },
  // Docker writes its own JSON to the log.
  { caseId: 'log/record/format', dockerd: 'log-record' },
  { caseId: 'log/record/streams', dockerd: 'log-record' },
  { caseId: 'log/record/order', dockerd: 'log-record' },

  { caseId: 'container-stats/attributes', crio: passed, dockerd: passed },
  { caseId: 'container-stats/cpu-and-memory', crio: passed, dockerd: passed },
  { caseId: 'container-stats/memory-available', crio: passed, dockerd: passed },
  // Docker’s list has the writable layer, its single statistics have not.
  { caseId: 'container-stats/list/agrees-with-one', crio: passed, dockerd: 'file-system' },
  { caseId: 'pod-sandbox-stats/attributes', crio: passed },
  // Where its cgroup driver is cgroupfs, CRI-O has of a pod the network alone, and that without its time.
  { caseId: 'pod-sandbox-stats/cpu-and-memory', crio: 'cpu' },
  { caseId: 'pod-sandbox-stats/times-are-set', crio: 'set' },
  { caseId: 'pod-sandbox-stats/list/agrees-with-one', crio: passed },
  { caseId: 'metric/descriptors', crio: passed },
  { caseId: 'metric/have-descriptors', crio: passed },
  // CRI-O describes one metric unless it is configured to have more.
  { caseId: 'metric/of-cadvisor', crio: 'described' },
];
