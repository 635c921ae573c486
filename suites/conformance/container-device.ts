import { statSync } from 'node:fs';
import { defineCase } from '../../src/kit/case.ts';
import { SetupError } from '../../src/kit/setup.ts';
import { hostDevice } from '../../src/kit/host-device.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { execSync } from './ask.ts';

const containerPath = '/dev/crible';
const otherPath = '/dev/other/crible';

/** A device of the node's that no container has by default. Takes the feature host-device. */
function device(permissions: string): { hostPath: string; containerPath: string; permissions: string } {
  const hostPath = hostDevice();
  if (hostPath === undefined) throw new SetupError('find a device', 'this machine has none that fits');
  return { hostPath, containerPath, permissions };
}

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'process.devices',
    meaning: 'the devices that a container has without asking',
    stability: 'set',
    source: 'recorded: crun adds core to what runc gives',
  },
];

export const cases = [
  defineCase({
    id: 'container/device/of-node',
    revision: 2,
    title: 'gives a container devices of the node under the paths that its config says',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'Device: host_path, container_path, and permissions r, w and m for the cgroup' },
      { kind: 'kubelet', text: 'passes on what device plugins answer: GPUs, network cards' },
    ],
    needs: ['processes', 'host-pids', 'host-device'],
    async run(context) {
      const { given, expect, observe } = context;
      const pod = await given.sharedPodSandbox();
      const asked = device('rwm');
      const { id } = await given.startedContainer(pod, { devices: [asked, { ...asked, containerPath: otherPath }] });
      const { rdev } = statSync(asked.hostPath);
      const numbers = [Math.floor(rdev / 256), rdev % 256].map((number) => number.toString(16));
      const { stdout } = await execSync(context, id, ['stat', '-c', '%F %t %T', containerPath, otherPath], 'exec-stat');
      const expected = `character special file ${numbers.join(' ')}\n`;
      expect.equal('is-there', stdout, expected.repeat(2), 'type and numbers of the devices in the container');
      const { exitCode } = await execSync(context, id, ['sh', '-c', openBoth], 'exec-open');
      expect.equal('opens', exitCode, 0, 'the exit code of a shell that opens it for reading and writing');
      const plain = await given.startedContainer(pod);
      const { stdout: list } = await execSync(context, plain.id, ['ls', '/dev'], 'exec-list');
      observe('process.devices', list.trim().split('\n'));
    },
  }),

  defineCase({
    id: 'container/device/permissions',
    title: 'lets a container do with a device only what the permissions of its config say',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'proto', text: 'Device.permissions: cgroup permissions, one or more of r, w and m' }],
    needs: ['processes', 'host-pids', 'host-device'],
    async run(context) {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { devices: [device('r')] });
      const { exitCode: reading } = await execSync(context, id, ['sh', '-c', `: < ${containerPath}`], 'exec-read');
      expect.equal('reads', reading, 0, 'the exit code of a shell that opens it for reading');
      const { exitCode: writing } = await execSync(context, id, ['sh', '-c', `: > ${containerPath}`], 'exec-write');
      expect.that('does-not-write', writing !== 0, 'a shell that opens it for writing fails', {
        expected: 'an exit code that is not 0',
        actual: writing,
      });
    },
  }),
];

const openBoth = `: <> ${containerPath}`;
