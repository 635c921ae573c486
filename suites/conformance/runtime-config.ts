import { CgroupDriver } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { podSandboxStatus } from './ask.ts';
import { cgroupName } from './container-cgroup.ts';

export const cases = [
  defineCase({
    id: 'runtime/config/cgroup-driver',
    title: 'states the cgroup driver that it uses, and the same again when asked again',
    level: 'required',
    rpcs: ['RuntimeConfig'],
    basis: [
      { kind: 'proto', text: 'LinuxRuntimeConfiguration.cgroup_driver: the driver to use; should not change' },
      { kind: 'kubelet', text: 'makes the cgroups of pods by this driver (KEP-4033), and asks once' },
    ],
    needs: ['rpc:RuntimeConfig'],
    async run({ cri, expect }) {
      const first = await expect.succeeds('answers', cri.runtime.runtimeConfig({}), 'RuntimeConfig');
      const { cgroupDriver } = expect.present('linux', first.linux, 'RuntimeConfigResponse.linux');
      const second = await expect.succeeds('answers-again', cri.runtime.runtimeConfig({}), 'RuntimeConfig again');
      expect.equal(
        'static',
        nameOf(second.linux?.cgroupDriver),
        nameOf(cgroupDriver),
        'cgroup_driver when asked again',
      );
    },
  }),

  defineCase({
    id: 'runtime/config/driver-in-use',
    title: 'puts containers into cgroups in the manner of the driver that it states',
    level: 'required',
    rpcs: ['RuntimeConfig'],
    basis: [
      { kind: 'proto', text: 'CgroupDriver: SYSTEMD, or CGROUPFS' },
      { kind: 'kubelet', text: 'runs pods into each other’s way when runtime and kubelet use different drivers' },
    ],
    needs: ['rpc:RuntimeConfig', 'host-cgroups'],
    async run({ given, cri, expect }) {
      const container = await given.startedContainer(await given.podSandbox());
      const { linux } = await expect.succeeds('answers', cri.runtime.runtimeConfig({}), 'RuntimeConfig');
      const name = expect.present('cgroup', cgroupName(container), 'a cgroup of the container below its pod’s');
      const used = name.endsWith('.scope') ? 'SYSTEMD' : 'CGROUPFS';
      expect.equal('as-stated', nameOf(linux?.cgroupDriver), used, `the driver by which there is a cgroup ${name}`);
    },
  }),

  defineCase({
    id: 'runtime/update-config/is-accepted',
    title: 'accepts UpdateRuntimeConfig with the range of the pods’ addresses, and stays ready',
    level: 'required',
    rpcs: ['UpdateRuntimeConfig', 'Status'],
    basis: [
      { kind: 'proto', text: 'NetworkConfig.pod_cidr: CIDR to use for pod IP addresses' },
      { kind: 'kubelet', text: 'sends the node’s range as soon as it has one, and again until it is accepted' },
    ],
    needs: ['condition:NetworkReady'],
    async run(context) {
      const { given, cri, expect } = context;
      const { network } = await podSandboxStatus(context, (await given.podSandbox()).id);
      // The range that addresses come from already, so that nothing changes for other pods.
      const podCidr = (network?.ip ?? '').includes(':')
        ? `${String(network?.ip)}/64`
        : (network?.ip ?? '').replace(/\d+$/, '0/24');
      await expect.succeeds(
        'accepted',
        cri.runtime.updateRuntimeConfig({ runtimeConfig: { networkConfig: { podCidr } } }),
        'UpdateRuntimeConfig',
      );
      const { status } = await expect.succeeds('status-afterwards', cri.runtime.status({}), 'Status');
      const ready = status?.conditions.find(({ type }) => type === 'NetworkReady')?.status;
      expect.equal('still-ready', ready, true, 'the condition NetworkReady afterwards');
    },
  }),
];

function nameOf(driver: CgroupDriver | undefined): string | undefined {
  return driver === undefined ? undefined : CgroupDriver[driver];
}
