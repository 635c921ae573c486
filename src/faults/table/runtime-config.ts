import { CgroupDriver, PodSandboxState } from '../../cri/messages.ts';
import { answer, before, forgives } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What RuntimeConfig, UpdateRuntimeConfig and UpdatePodSandboxResources promise. */
export const runtimeConfigFaults: readonly Fault[] = [
  fault({
    name: 'runtime-config-without-linux',
    breaks: 'RuntimeConfig states the cgroup driver',
    kills: ['runtime/config/cgroup-driver#linux'],
    provenOn: 'simulator',
    how: answer('RuntimeConfig', (config) => {
      delete config.linux;
    }),
  }),
  fault({
    name: 'cgroup-driver-changes',
    breaks: 'RuntimeConfig answers the same again',
    kills: ['runtime/config/cgroup-driver#static'],
    provenOn: 'simulator',
    rpcs: ['RuntimeConfig'],
    how: () => {
      let calls = 0;
      return answer('RuntimeConfig', ({ linux }) => {
        if (linux) linux.cgroupDriver = calls++ % 2 === 0 ? CgroupDriver.CGROUPFS : CgroupDriver.SYSTEMD;
      });
    },
  }),
  fault({
    name: 'pod-cidr-breaks-network',
    breaks: 'the network stays ready when UpdateRuntimeConfig has succeeded',
    kills: ['runtime/update-config/is-accepted#still-ready'],
    rpcs: ['UpdateRuntimeConfig', 'Status'],
    how: () => {
      let updated = false;
      return [
        before('UpdateRuntimeConfig', () => {
          updated = true;
        }),
        answer('Status', ({ status }) => {
          for (const condition of status?.conditions ?? [])
            if (updated && condition.type === 'NetworkReady') condition.status = false;
        }),
      ];
    },
  }),
  fault({
    name: 'pod-update-stops-sandbox',
    breaks: 'a pod sandbox stays ready when UpdatePodSandboxResources has succeeded',
    kills: ['pod-sandbox/update/is-accepted#ready'],
    provenOn: 'simulator',
    rpcs: ['UpdatePodSandboxResources', 'PodSandboxStatus'],
    how: () => {
      const updated = new Set<string>();
      return [
        before('UpdatePodSandboxResources', ({ podSandboxId }) => {
          updated.add(podSandboxId);
        }),
        answer('PodSandboxStatus', ({ status }, { podSandboxId }) => {
          if (status && updated.has(podSandboxId)) status.state = PodSandboxState.SANDBOX_NOTREADY;
        }),
      ];
    },
  }),
  fault({
    name: 'pod-update-of-unknown-id-succeeds',
    breaks: 'UpdatePodSandboxResources of an unknown sandbox is refused',
    kills: ['pod-sandbox/update/unknown-id#refused'],
    provenOn: 'simulator',
    how: forgives('UpdatePodSandboxResources', 'NotFound', {}),
  }),
];
