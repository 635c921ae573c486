import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { Container } from '../../src/kit/given.ts';
import { containerStatus, execSync } from './ask.ts';
import { expectLogged } from './logged.ts';
import { addressOf, expectHeard, serverPort, serving } from './serving.ts';

const names = ['first', 'second'] as const;

export const cases = [
  defineCase({
    id: 'pod-sandbox/containers/network',
    title: 'lets the containers of a pod share its address, each reached by its own port',
    level: 'required',
    rpcs: ['RunPodSandbox', 'PodSandboxStatus', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'NamespaceOption.network POD: one network namespace for all containers of a pod' },
      { kind: 'kubelet', text: 'tells one IP for all containers of a pod' },
    ],
    critest: ['MC-1#second'],
    needs: ['condition:NetworkReady', 'host-network'],
    async run(context) {
      const pod = await context.given.podSandbox();
      const host = await addressOf(context, pod);
      for (const [place, name] of names.entries()) {
        const port = serverPort + place;
        await serving(context, pod, name, { port });
        await expectHeard(context, name, { host, port }, name, `the port of the ${name} container`);
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/containers/logs',
    title: 'keeps the logs of the containers of a pod apart',
    level: 'required',
    rpcs: ['CreateContainer', 'ContainerStatus'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.log_path: where, in the sandbox’s log_directory, a container’s log is' },
      { kind: 'kubelet', text: 'kubectl logs names one container' },
    ],
    critest: ['MC-2#second'],
    needs: ['host-files'],
    async run(context) {
      const [first, second] = await twoContainers(context, (name) => `echo it-is-${name}`);
      for (const [key, container] of [
        ['second', second],
        ['first', first],
      ] as const) {
        const { logPath } = await containerStatus(context, container.id);
        const said = `it-is-${key}\n`;
        await expectLogged(context, { ...container, logPath }, said, `the log of the ${key} container`, { key });
      }
    },
  }),

  defineCase({
    id: 'pod-sandbox/containers/exec',
    title: 'executes a command in the container of a pod that it is asked for',
    level: 'required',
    rpcs: ['ExecSync'],
    basis: [{ kind: 'proto', text: 'ExecSyncRequest.container_id: the container in which the command runs' }],
    critest: ['MC-3#first'],
    async run(context) {
      const { expect } = context;
      const [first, second] = await twoContainers(context, (name) => `echo ${name} > /tmp/name`);
      for (const [name, { id }] of [
        ['first', first],
        ['second', second],
      ] as const) {
        const { stdout } = await execSync(context, id, ['cat', '/tmp/name']);
        expect.equal(name, stdout, `${name}\n`, `what a command reads in the ${name} container`);
      }
    },
  }),
];

async function twoContainers(
  { given }: Pick<CaseContext, 'given'>,
  preparation: (name: string) => string,
): Promise<readonly [Container, Container]> {
  const pod = await given.podSandbox();
  const [first, second] = names;
  return [await given.readyContainer(pod, preparation(first)), await given.readyContainer(pod, preparation(second))];
}
