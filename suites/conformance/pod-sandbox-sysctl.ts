import { readFileSync } from 'node:fs';
import { defineCase } from '../../src/kit/case.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { codeOfCall, execSync, idsOf, listPodSandboxes } from './ask.ts';

/** Values that no kernel has by default: the first and the last are safe by the kubelet's list, the other needs its permission. */
const sysctls = {
  'kernel.shm_rmid_forced': '1',
  'fs.mqueue.msg_max': '100',
  'net.ipv4.ip_local_port_range': '32100 33200',
} as const;

/** Runtimes are known to set these by themselves. */
const setByRuntimes = ['net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ping_group_range'] as const;

/** Belongs to no namespace. */
const ofNode = 'vm.swappiness';

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'pod-sandbox.default-sysctls',
    meaning: 'whether a program that is not root may listen on port 80 and ping in a pod that asks for neither',
    stability: 'exact',
    source: 'recorded: containerd 2.1.9 and Docker set both, containerd 1.6.20 to 1.7.24 and CRI-O 1.37 neither',
  },
  {
    key: 'pod-sandbox.node-sysctl',
    meaning:
      'what becomes of a pod that asks for a sysctl which belongs to no namespace: no sandbox, or one without it',
    stability: 'exact',
    source: 'source: OCI runtimes refuse it, and containerd with them; CRI-O warns in its log and leaves it out',
  },
];

export const cases = [
  defineCase({
    id: 'pod-sandbox/sysctl/in-force',
    title: 'sets the sysctls of a sandbox for its containers',
    level: 'required',
    rpcs: ['RunPodSandbox'],
    basis: [
      { kind: 'proto', text: 'LinuxPodSandboxConfig.sysctls: those that are set for the sandbox' },
      { kind: 'kubelet', text: 'the pod’s securityContext.sysctls' },
    ],
    critest: ['SY-1#kernel-shm-rmid-forced', 'SY-2#fs-mqueue-msg-max'],
    needs: ['processes'],
    async run(context) {
      const { given, expect, observe } = context;
      const { id } = await given.startedContainer(await given.podSandbox({ linux: { sysctls } }));
      const names = [...Object.keys(sysctls), ...setByRuntimes];
      const { stdout } = await execSync(context, id, ['cat', ...names.map(fileOf)]);
      const values = stdout.split('\n').map((line) => line.split(/\s+/).join(' '));
      for (const [place, [name, value]] of Object.entries(sysctls).entries()) {
        expect.equal(name.replaceAll(/[._]/g, '-'), values[place], value, `${name} in a container of the sandbox`);
      }
      const others = setByRuntimes.map((name): [string, unknown] => [name, values[names.indexOf(name)]]);
      observe('pod-sandbox.default-sysctls', Object.fromEntries(others));
    },
  }),

  defineCase({
    id: 'pod-sandbox/sysctl/unknown',
    title: 'refuses RunPodSandbox with a sysctl of a namespace of the pod’s that the kernel does not have',
    level: 'specified',
    rpcs: ['RunPodSandbox'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxPodSandboxConfig.sysctls: the sandbox has them; one that cannot have them is not the one asked for',
      },
      { kind: 'kubelet', text: 'tells by the error of RunPodSandbox that a pod cannot have its sysctls' },
    ],
    needs: ['processes', 'runtime-process'],
    async run(context) {
      const { given, cri, expect, observe, target } = context;
      const { handler: runtimeHandler } = target;
      const config = given.podSandboxConfig({ linux: { sysctls: { 'fs.mqueue.crible_has_none': '1' } } });
      const run = cri.runtime.runPodSandbox({ config, runtimeHandler });
      await expect.fails('refused', run, 'RunPodSandbox with a sysctl that does not exist');
      const uid = { 'io.kubernetes.pod.uid': config.metadata?.uid ?? '' };
      const left = await listPodSandboxes(context, { labelSelector: uid });
      expect.equal('nothing-left', idsOf(left), [], 'sandboxes after the refusal');
      // As it is already, so that a runtime which sets it changes nothing.
      const value = readFileSync(fileOf(ofNode), 'utf8').trim();
      const another = given.podSandboxConfig({ linux: { sysctls: { [ofNode]: value } } });
      observe(
        'pod-sandbox.node-sysctl',
        await codeOfCall(cri.runtime.runPodSandbox({ config: another, runtimeHandler })),
      );
    },
  }),
];

function fileOf(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`;
}
