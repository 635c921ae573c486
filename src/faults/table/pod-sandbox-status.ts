import { NamespaceMode, PodSandboxState } from '../../cri/messages.ts';
import type { PodSandboxStatus } from '../../cri/messages.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { answer, codeChanged, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What PodSandboxStatus and PodSandboxStats promise. */
export const podSandboxStatusFaults: readonly Fault[] = [
  fault({
    name: 'pod-sandbox-ready-late',
    breaks: 'a sandbox is ready when RunPodSandbox returns',
    kills: ['pod-sandbox/run/is-ready-at-once#ready', 'pod-sandbox/run/metadata-is-free-after-removal#ready'],
    rpcs: ['PodSandboxStatus'],
    how: () => {
      const asked = new Set<string>();
      return status((made, podSandboxId) => {
        if (!asked.has(podSandboxId)) made.state = PodSandboxState.SANDBOX_NOTREADY;
        asked.add(podSandboxId);
      });
    },
  }),
  fault({
    name: 'pod-sandbox-attempt-lost',
    breaks: 'PodSandboxStatus answers the attempt of the metadata',
    kills: ['pod-sandbox/status/metadata#metadata'],
    reason: 'told wrongly of a sandbox that was made as its config says',
    how: status(({ metadata }) => {
      if (metadata) metadata.attempt = 0;
    }),
  }),
  fault({
    name: 'pod-sandbox-label-lost',
    breaks: 'PodSandboxStatus returns every label',
    kills: ['pod-sandbox/status/labels#labels'],
    reason: 'told wrongly of a sandbox that was made as its config says',
    how: status((made) => {
      made.labels = Object.fromEntries(Object.entries(made.labels).slice(1));
    }),
  }),
  fault({
    name: 'pod-sandbox-annotation-added',
    breaks: 'PodSandboxStatus answers the annotations of the config and no others',
    kills: ['pod-sandbox/status/annotations#annotations'],
    reason: 'told wrongly of a sandbox that was made as its config says',
    how: status(({ annotations }) => {
      annotations['runtime.example/sandbox'] = 'pause';
    }),
  }),
  fault({
    name: 'pod-sandbox-created-at-in-seconds',
    breaks: 'PodSandboxStatus answers the time of creation in nanoseconds',
    kills: ['pod-sandbox/status/created-at#in-nanoseconds'],
    how: status((made) => {
      made.createdAt /= 1_000_000_000n;
    }),
  }),
  fault({
    name: 'pod-sandbox-created-when-stopped',
    breaks: 'the time of creation of a sandbox stays when it is stopped',
    kills: ['pod-sandbox/status/created-at#same-when-stopped'],
    how: status((made) => {
      if (made.state === PodSandboxState.SANDBOX_NOTREADY) made.createdAt = BigInt(Date.now()) * 1_000_000n;
    }),
  }),
  fault({
    name: 'pod-sandbox-address-with-prefix',
    breaks: 'the address of a sandbox is an IP address, without the length of its subnet',
    kills: ['pod-sandbox/status/address#is-address'],
    how: status(({ network }) => {
      if (network?.ip) network.ip += '/24';
    }),
  }),
  fault({
    name: 'pod-sandboxes-share-an-address',
    breaks: 'every sandbox has an address of its own',
    kills: ['pod-sandbox/status/address#differs'],
    how: status(({ network }) => {
      if (network?.ip) network.ip = '10.0.0.1';
    }),
  }),
  fault({
    name: 'pod-sandbox-namespaces-forgotten',
    breaks: 'PodSandboxStatus answers the namespace options that were asked for',
    kills: ['pod-sandbox/status/namespace-options#options'],
    reason: 'told wrongly of a sandbox that was made as its config says',
    how: status(({ linux }) => {
      if (linux?.namespaces?.options) linux.namespaces.options.network = NamespaceMode.POD;
    }),
  }),
  fault({
    name: 'pod-sandbox-info-unasked',
    breaks: 'PodSandboxStatus adds debugging information only when it is asked to',
    kills: ['pod-sandbox/status/info-only-when-verbose#no-info'],
    how: request('PodSandboxStatus', (asked) => {
      asked.verbose = true;
    }),
  }),
  fault({
    name: 'pod-sandbox-info-is-no-json',
    breaks: 'the debugging information of PodSandboxStatus is JSON',
    kills: ['pod-sandbox/status/info-only-when-verbose#json'],
    how: answer('PodSandboxStatus', ({ info }, { verbose }) => {
      if (verbose) info['pid'] = 'pid: 1';
    }),
  }),
  fault({
    name: 'unknown-pod-sandbox-is-an-unknown-error',
    breaks: 'PodSandboxStatus of an unknown id is answered by NotFound',
    kills: ['pod-sandbox/status/unknown-id#not-found', 'pod-sandbox/remove/is-gone-at-once#no-status'],
    how: codeChanged('PodSandboxStatus', 'NotFound', 'Unknown'),
  }),
  fault({
    name: 'unknown-pod-sandbox-has-stats',
    breaks: 'PodSandboxStats of an unknown id fails',
    kills: ['pod-sandbox/unknown-id/has-no-stats#refused'],
    how: around('PodSandboxStats', (next) => (asked, call) => next(asked, call).catch(() => ({ stats: {} }))),
  }),
];

function status(change: (status: PodSandboxStatus, podSandboxId: string) => void): Break {
  return answer('PodSandboxStatus', (answered, { podSandboxId }) => {
    if (answered.status) change(answered.status, podSandboxId);
  });
}
