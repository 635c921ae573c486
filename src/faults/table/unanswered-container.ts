/** Which expectations about what a container is and has used fail when a call is not answered any more (unanswered.ts). */
export const unansweredContainerKills = {
  'ContainerStatus 1 empty': [
    'container/status/later-states#status-created-set',
    'container/stop/processes-end#status-set',
  ],
  'ContainerStatus 1 refused': ['container/status/later-states#status-created', 'container/stop/processes-end#status'],
  'ContainerStatus 2 empty': ['container/status/later-states#status-running-set'],
  'ContainerStatus 2 refused': ['container/status/later-states#status-running'],
  'ContainerStatus exited 1 empty': ['container/status/later-states#status-exited-set'],
  'ContainerStatus exited 1 refused': ['container/status/later-states#status-exited'],
  'ExecSync 1 refused': ['container/update/leaves-others#exec'],
  'ListContainerStats 1 refused': ['container-stats/working-set#list'],
  'ListContainers 1 refused': ['container/status/later-states#list-created'],
  'ListContainers 2 refused': ['container/status/later-states#list-running'],
  'ListContainers 3 refused': ['container/status/later-states#list-exited'],
  'RemoveContainer 1 refused': ['container/stop/processes-end#remove'],
  'StartContainer 1 refused': ['container/status/later-states#start'],
  'StopContainer 1 refused': ['container/status/later-states#stop', 'container/stop/processes-end#stop'],
  'UpdateContainerResources 3 refused': ['container/update/leaves-others#update-processors'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
