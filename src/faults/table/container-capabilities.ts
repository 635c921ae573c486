import { create, CapabilitySchema, DeviceSchema } from '../../cri/messages.ts';
import type { Capability, ContainerConfig, LinuxContainerSecurityContext } from '../../cri/messages.ts';
import { hostDevice } from '../../kit/host-device.ts';
import type { Break } from '../break.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { made, madeWith } from '../made.ts';

/** Which capabilities and privileges a container is made with. */
export const containerCapabilitiesFaults: readonly Fault[] = [
  fault({
    name: 'capability-not-added',
    breaks: 'a container has the capabilities that its config adds',
    kills: [
      'container/capabilities/added#in-force',
      'container/capabilities/add-all#all',
      'container/capabilities/drop-all-but-one#alone',
      'container/capabilities/of-user#bounding',
    ],
    how: capable((capabilities) => {
      capabilities.addCapabilities = [];
    }),
  }),
  fault({
    name: 'capability-added-with-others',
    breaks: 'a container that adds one capability has no others more',
    kills: ['container/capabilities/added#exactly'],
    how: capable(({ addCapabilities }) => {
      if (addCapabilities.includes('NET_ADMIN')) addCapabilities.push('SYS_TIME');
    }),
  }),
  fault({
    name: 'capability-added-to-all',
    breaks: 'a container has no capability that another container of its sandbox adds',
    kills: ['container/capabilities/added#neighbour', 'container/privileged/only-when-asked#network'],
    how: capable(({ addCapabilities, dropCapabilities }) => {
      if (dropCapabilities.length === 0) addCapabilities.push('NET_ADMIN');
    }),
  }),
  fault({
    name: 'capability-not-dropped',
    breaks: 'a container has not the one capability that its config drops',
    kills: ['container/capabilities/dropped#refused'],
    how: capable((capabilities) => {
      capabilities.dropCapabilities = capabilities.dropCapabilities.filter((name) => name === 'ALL');
    }),
  }),
  fault({
    name: 'capability-dropped-with-others',
    breaks: 'a container that drops capabilities keeps the others',
    kills: ['container/capabilities/dropped#exactly'],
    how: capable(({ dropCapabilities }) => {
      if (dropCapabilities.includes('CHOWN')) dropCapabilities.push('KILL');
    }),
  }),
  fault({
    name: 'capability-dropped-from-all',
    breaks: 'a container keeps the capability that another container of its sandbox drops',
    kills: ['container/capabilities/dropped#neighbour'],
    how: capable((capabilities) => {
      if (!capabilities.addCapabilities.includes('CHOWN')) return;
      capabilities.addCapabilities = [];
      capabilities.dropCapabilities = ['CHOWN'];
    }),
  }),
  fault({
    name: 'privileges-ignored',
    breaks: 'a container that is to be privileged is',
    kills: [
      'container/privileged/capabilities#in-force',
      'container/privileged/devices#open',
      'container/privileged/procfs#written',
      'container/privileged/masked-paths#masked',
    ],
    how: unprivileged([]),
  }),
  fault({
    name: 'privileges-of-the-network-alone',
    breaks: 'a privileged container has every capability',
    kills: ['container/privileged/capabilities#all'],
    how: unprivileged(['NET_ADMIN']),
  }),
  fault({
    name: 'privileges-without-devices',
    breaks: 'a privileged container has the devices of the host in its /dev',
    kills: ['container/privileged/devices#nodes'],
    how: unprivileged(['ALL'], (_, config) => {
      addHostDevice(config);
    }),
  }),
  fault({
    name: 'privileges-without-sysfs',
    breaks: 'a privileged container can write to /sys',
    kills: [],
    reason: 'fails container/privileged/sysfs on containerd 2 or with crun: 1.6 with runc breaks the promise by itself',
    how: unprivileged(['ALL'], (security) => {
      security.maskedPaths = security.readonlyPaths = [];
    }),
  }),
  fault({
    name: 'host-device-for-all',
    breaks: 'a container that is not privileged cannot open a device of the host',
    kills: ['container/privileged/only-when-asked#device'],
    how: made(addHostDevice),
  }),
];

/** Changes the capabilities that a container is made with, those of one that names none too. */
function capable(change: (capabilities: Capability) => void): Break {
  return madeWith((security) => {
    security.capabilities ??= create(CapabilitySchema);
    change(security.capabilities);
  });
}

/** Takes its privileges from a privileged container, and gives it some capabilities in their place. */
function unprivileged(
  addCapabilities: readonly string[],
  change: (security: LinuxContainerSecurityContext, config: ContainerConfig) => void = () => undefined,
): Break {
  return madeWith((security, config) => {
    if (!security.privileged) return;
    security.privileged = false;
    security.capabilities = create(CapabilitySchema, { addCapabilities: [...addCapabilities] });
    change(security, config);
  });
}

function addHostDevice(config: ContainerConfig): void {
  const hostPath = hostDevice();
  if (hostPath === undefined) return;
  config.devices.push(create(DeviceSchema, { hostPath, containerPath: '/dev/crible-fault', permissions: 'rwm' }));
}
