import type { ObservationDeclaration } from '../../src/model/observation.ts';

/** The ways in which runtimes may differ in logs, exec, attach and port-forward without breaking a promise. */
export const observationKeys: ObservationDeclaration[] = [
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
];
