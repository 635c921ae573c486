import { NamespaceMode } from '../../cri/messages.ts';
import type { UserNamespace } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer, refuses, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const { POD, CONTAINER, TARGET } = NamespaceMode;
const provenOn = 'simulator';

/** Whose ids the users and groups of a pod are. */
export const userNamespaceFaults: readonly Fault[] = [
  fault({
    name: 'user-map-of-the-node',
    breaks: 'the users of a pod are mapped as its config says',
    kills: ['container/user-namespace/pod#uids'],
    provenOn,
    how: mapReadAs('/proc/self/uid_map'),
  }),
  fault({
    name: 'group-map-of-the-node',
    breaks: 'the groups of a pod are mapped as its config says',
    kills: ['container/user-namespace/pod#gids'],
    provenOn,
    how: mapReadAs('/proc/self/gid_map'),
  }),
  fault({
    name: 'user-map-refused',
    breaks: 'ExecSync executes a command in a container with users of its own',
    kills: ['container/user-namespace/pod#exec-uids'],
    provenOn,
    how: refuses('ExecSync', 'Internal', ({ cmd }) => cmd[1] === '/proc/self/uid_map'),
  }),
  fault({
    name: 'group-map-refused',
    breaks: 'ExecSync executes a command in a container where it executed one before, with users of its own',
    kills: ['container/user-namespace/pod#exec-gids'],
    provenOn,
    how: refuses('ExecSync', 'Internal', ({ cmd }) => cmd[1] === '/proc/self/gid_map'),
  }),
  fault({
    name: 'second-mapping-forgotten',
    breaks: 'RunPodSandbox with two mappings of users is refused',
    kills: ['pod-sandbox/user-namespace/mappings#two'],
    provenOn,
    how: ran((asked) => {
      asked.uids.splice(1);
      asked.gids.splice(1);
    }),
  }),
  fault({
    name: 'root-mapped-unasked',
    breaks: 'RunPodSandbox with a mapping that leaves out root is refused',
    kills: ['pod-sandbox/user-namespace/mappings#without-root'],
    provenOn,
    how: ran((asked) => {
      const [first] = asked.uids;
      if (first?.containerId === 1) for (const mapping of [...asked.uids, ...asked.gids]) mapping.containerId = 0;
    }),
  }),
  fault({
    name: 'user-namespace-container-is-pod',
    breaks: 'RunPodSandbox with a user namespace CONTAINER is refused',
    kills: ['pod-sandbox/user-namespace/modes#container'],
    provenOn,
    how: ran((asked) => {
      if (asked.mode === CONTAINER) asked.mode = POD;
    }),
  }),
  fault({
    name: 'user-namespace-target-is-pod',
    breaks: 'RunPodSandbox with a user namespace TARGET is refused',
    kills: ['pod-sandbox/user-namespace/modes#target'],
    provenOn,
    how: ran((asked) => {
      if (asked.mode === TARGET) asked.mode = POD;
    }),
  }),
];

function ran(change: (asked: UserNamespace) => void): Break {
  return request('RunPodSandbox', ({ config }) => {
    const asked = config?.linux?.securityContext?.namespaceOptions?.usernsOptions;
    if (asked) change(asked);
  });
}

/** A map that leaves every id what it is, as the node's is. */
function mapReadAs(path: string): Break {
  return answer('ExecSync', (answered, { cmd }) => {
    if (cmd[1] === path) answered.stdout = Buffer.from('         0          0 4294967295\n');
  });
}
