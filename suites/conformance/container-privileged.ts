import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defineCase } from '../../src/kit/case.ts';
import { SetupError } from '../../src/kit/setup.ts';
import { hostDevice } from '../../src/kit/host-device.ts';
import { runtimeProcess } from '../../src/kit/runtime-process.ts';
import type { TargetContext } from '../../src/kit/target-context.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { codeOfCall } from './ask.ts';
import { capabilitiesOfRuntime, capabilitySets, onlyThese } from './capability.ts';
import { expectRefusal, expectSuccess, tried } from './printed.ts';
import { privileged } from './privileged.ts';

const needs = ['processes', 'host-files'];

/** Writes a setting of the kernel as it is. */
const writeSetting = 'now=$(cat /proc/sys/vm/swappiness) && echo $now > /proc/sys/vm/swappiness';
const addAddress = 'ip address add 127.1.2.3/32 dev lo';

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'container.privileged-in-plain-sandbox',
    meaning: 'whether a privileged container gets into a pod that was not announced as privileged',
    stability: 'exact',
    source: 'source: containerd refuses CreateContainer; the proto asks the caller alone not to do it',
  },
];

export const cases = [
  defineCase({
    id: 'container/privileged/capabilities',
    title: 'gives a privileged container every capability that the runtime has itself',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'LinuxContainerSecurityContext.privileged: all capabilities are added' }],
    critest: ['SC-8#in-force'],
    needs: [...needs, 'runtime-process'],
    async run(context) {
      const { given, expect, target } = context;
      const pod = await given.podSandbox(privileged);
      const seen = await tried(context, pod, { status: 'cat /proc/1/status', address: addAddress }, privileged);
      expectSuccess(context, 'in-force', seen.address, 'an address is added to an interface');
      expect.equal<unknown>(
        'all',
        capabilitySets(seen.status.text),
        onlyThese(capabilitiesOfRuntime(target)),
        'the capabilities of the container, beside those of the runtime’s own process',
      );
    },
  }),

  defineCase({
    id: 'container/privileged/only-when-asked',
    title: 'gives a container no privileges that does not ask for them, also in a sandbox for privileged ones',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerSecurityContext.privileged: each container’s own choice' },
      { kind: 'kubelet', text: 'makes the sandbox privileged as soon as one container of the pod is' },
    ],
    critest: ['SC-9#network'],
    needs: [...needs, 'host-device', 'host-pids'],
    async run(context) {
      const { given, cri, observe } = context;
      const pod = await given.podSandbox(privileged);
      // Whoever may make a node still has to be let to the device by its cgroup.
      const maker = { linux: { securityContext: { capabilities: { addCapabilities: ['MKNOD'] } } } };
      const attempts = { address: addAddress, device: `${makeNode()} && : < /dev/crible` };
      const seen = await tried(context, pod, attempts, maker);
      expectRefusal(
        context,
        'network',
        seen.address,
        'Operation not permitted',
        'without privileges nothing of the network is changed',
      );
      expectRefusal(
        context,
        'device',
        seen.device,
        'Operation not permitted',
        'without privileges a device of the host is not opened',
      );
      const plain = await given.podSandbox();
      const config = await given.containerConfig(plain, privileged);
      observe(
        'container.privileged-in-plain-sandbox',
        await codeOfCall(cri.runtime.createContainer({ podSandboxId: plain.id, config, sandboxConfig: plain.config })),
      );
    },
  }),

  defineCase({
    id: 'container/privileged/devices',
    title: 'gives a privileged container the devices of the host',
    // A runtime can be configured to keep them from privileged containers (privileged_without_host_devices).
    level: 'specified',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'proto',
        text: 'LinuxContainerSecurityContext.privileged: the device cgroup does not restrict access to any device, and all devices of the host’s /dev are available',
      },
    ],
    needs: [...needs, 'host-device', 'runtime-process'],
    async run(context) {
      const { given, expect, target } = context;
      const pod = await given.podSandbox(privileged);
      const before = devicesOfHost(target);
      const attempts = { open: `${makeNode()} && : < /dev/crible`, devices: 'ls /dev' };
      const seen = await tried(context, pod, attempts, privileged);
      const after = devicesOfHost(target);
      expectSuccess(context, 'open', seen.open, 'any device of the host can be opened');
      const there = seen.devices.text.split(' ');
      expect.equal(
        'nodes',
        before.filter((name) => after.includes(name) && !there.includes(name)),
        [],
        'the devices of the host’s /dev that are not in the container’s',
      );
    },
  }),

  defineCase({
    id: 'container/privileged/procfs',
    title: 'lets a privileged container write to the settings in /proc/sys',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerSecurityContext.privileged: any mounts of procfs can be written to' },
      { kind: 'kubelet', text: 'sends the read-only paths of /proc for every container' },
    ],
    needs,
    async run(context) {
      const pod = await context.given.podSandbox(privileged);
      const seen = await tried(context, pod, { write: writeSetting }, privileged);
      expectSuccess(context, 'written', seen.write, 'a setting in /proc/sys is written');
    },
  }),

  defineCase({
    id: 'container/privileged/sysfs',
    title: 'mounts /sys for a privileged container so that it can be written to',
    level: 'specified',
    rpcs: ['RunPodSandbox', 'CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'LinuxContainerSecurityContext.privileged: any mounts of sysfs can be written to' }],
    needs,
    async run(context) {
      const pod = await context.given.podSandbox(privileged);
      // test(1) of busybox takes root for one who may write anywhere.
      const sysfs = "grep ' /sys sysfs rw,' /proc/mounts || { grep ' /sys ' /proc/mounts; false; }";
      const seen = await tried(context, pod, { sysfs }, privileged);
      expectSuccess(context, 'writable', seen.sysfs, '/sys is mounted read-write');
    },
  }),

  defineCase({
    id: 'container/privileged/masked-paths',
    title: 'hides nothing of /proc and /sys from a privileged container',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'LinuxContainerSecurityContext.privileged: sensitive paths are not masked' },
      { kind: 'kubelet', text: 'sends the masked paths of /proc for every container' },
    ],
    needs,
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox(privileged);
      const covered = "grep -E ' (/proc/(acpi|kcore|keys|timer_list|scsi)|/sys/firmware) ' /proc/mounts || true";
      const seen = await tried(context, pod, { covered }, privileged);
      expect.equal('masked', seen.covered.text, '', 'what is mounted over the paths that are masked for others');
    },
  }),
];

/** Shell text that makes a node at /dev/crible for a device which no container is given unasked. */
function makeNode(): string {
  const path = hostDevice();
  if (path === undefined) throw new SetupError('find a device of the host', new Error('there is none'));
  const { rdev } = statSync(path);
  // makedev(3), as far as the numbers of such devices go.
  return `mknod /dev/crible c ${String((rdev >> 8) & 0xfff)} ${String(rdev & 0xff)}`;
}

/** The nodes in /dev as the runtime sees it, without those that belong to a terminal or to each container by itself. */
function devicesOfHost(target: TargetContext): readonly string[] {
  const owner = runtimeProcess(target);
  if (!owner.ok) throw new SetupError('find the process of the runtime', new Error(owner.problem));
  const folder = `/proc/${String(owner.pid)}/root/dev`;
  return readdirSync(folder).filter((name) => {
    const entry = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (entry === undefined || ['console', 'ptmx'].includes(name)) return false;
    return entry.isCharacterDevice() || entry.isBlockDevice();
  });
}
