import type { Target } from '../../model/target.ts';
import type { Found, Node } from './requirement.ts';

/** The first kubelet that speaks runtime.v1; it falls back to v1alpha2 until the latter's last. */
const v1Since = 23;
const v1alpha2Until = 25;
/** KEP-4033: from its beta on the kubelet takes the driver from RuntimeConfig, where there is one, and not from its file. */
const driverFromRuntimeSince = 31;
/** KEP-2040: Image.pinned, which the kubelet's garbage collection of images spares. */
export const pinnedSince = 23;

export function apiVersion({ apiVersion: version }: Target, { minor }: Node): Found {
  const answered = `answers runtime.${version} of the CRI`;
  if (version === 'v1') {
    return minor >= v1Since
      ? { finding: 'met', text: `It ${answered}, which this kubelet speaks` }
      : {
          finding: 'not-verified',
          text: `Not verified: it ${answered}, but this kubelet speaks runtime.v1alpha2 alone, which is asked only where v1 is missing`,
        };
  }
  if (version === 'v1alpha2' && minor <= v1alpha2Until) {
    return { finding: 'met', text: `It ${answered}, which this kubelet speaks; one from Kubernetes 1.26 on does not` };
  }
  return {
    finding: 'blocker',
    text: `It answers no version of the CRI but ${version === '' ? 'an unknown one' : version}, and this kubelet needs runtime.v1`,
  };
}

export function network(target: Target): Found {
  const condition = target.features.find(({ name }) => name === 'condition:NetworkReady');
  return condition?.present === true
    ? { finding: 'met', text: 'Its network is ready: CNI gives each pod an address' }
    : {
        finding: 'blocker',
        text: `It does not report that its network is ready, for which CNI must be configured (${condition?.detail ?? 'NetworkReady was not probed'})`,
      };
}

export function cgroupDriver({ configuration, features }: Target, { minor, kubelet }: Node): Found {
  const driver = configuration['cgroupDriver'] ?? 'unknown';
  const told = features.some(({ name, present }) => name === 'rpc:RuntimeConfig' && present);
  if (driver === 'unknown') {
    const known = kubelet === undefined ? '' : `; the kubelet's is ${kubelet.cgroupDriver}`;
    return { finding: 'not-verified', text: `Not verified: it does not state its cgroup driver${known}` };
  }
  if (kubelet === undefined) {
    return {
      finding: 'met',
      text: `It states its cgroup driver, ${driver}; whether the kubelet's is the same is checked with --kubelet-config`,
    };
  }
  if (driver === kubelet.cgroupDriver) {
    return { finding: 'met', text: `Its cgroup driver is ${driver}, as the kubelet's` };
  }
  const differs = `Its cgroup driver is ${driver}, and the kubelet's is ${kubelet.cgroupDriver}`;
  return told && minor >= driverFromRuntimeSince
    ? {
        finding: 'caveat',
        text: `${differs}; this kubelet takes the runtime's word for it and leaves its own file aside`,
      }
    : { finding: 'blocker', text: `${differs}: pods cannot be placed in the kubelet's cgroups` };
}

export function sandboxImage({ features }: Target, { minor }: Node): Found {
  const [there, pinned] = ['sandbox-image', 'sandbox-image-pinned'].map((feature) =>
    features.find(({ name }) => name === feature),
  );
  if (there === undefined) {
    return { finding: 'not-verified', text: 'Not verified: it neither names its sandbox image nor pins an image' };
  }
  if (!there.present) {
    return {
      finding: 'caveat',
      text: `Its sandbox image is not there (${there.detail}), so each new node must pull it`,
    };
  }
  if (minor >= pinnedSince && pinned?.present !== true) {
    return {
      finding: 'caveat',
      text: `Its sandbox image is there, but not pinned (${there.detail}): the kubelet may remove it to gain space, after which no pod starts where its registry cannot be reached`,
    };
  }
  return {
    finding: 'met',
    text: `Its sandbox image is there${pinned?.present === true ? ' and pinned' : ''} (${there.detail})`,
  };
}
