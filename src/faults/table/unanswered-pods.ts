/** Which expectations about what is told of pods fail when a call is not answered any more, as unanswered-kills.ts has it. */
export const unansweredPods = {
  'PodSandboxStatus 1 empty': ['pod-sandbox/run/next-attempt#status-set'],
  'PodSandboxStatus 1 refused': ['pod-sandbox/run/next-attempt#status'],
  'ListContainers 1 refused': ['pod-sandbox/stop/ends-every-container#list'],
  'ListPodSandbox 1 refused': ['pod-sandbox/remove/removes-containers#whole-list', 'pod-sandbox/end/own-process#list'],
  'StopPodSandbox 1 refused': ['pod-sandbox/end/own-process#stop'],
  'RemovePodSandbox 1 refused': ['pod-sandbox/end/own-process#remove'],
  'ExecSync 1 refused': ['pod-sandbox/dns/node-network#exec'],
  'ExecSync 2 refused': ['pod-sandbox-stats/cpu-grows#allocate', 'pod-sandbox-stats/traffic#route'],
  'ExecSync 3 refused': ['pod-sandbox-stats/cpu-grows#write'],
  'Status 1 refused': ['runtime/status/handlers#answers'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
