import { NamespaceMode } from '../../cri/messages.ts';
import type { PodSandboxConfig } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const reason = 'lost before the sandbox is made, where others are lost only in what is told of it';

/** Fields of a sandbox's config that do not reach the runtime. */
export const podSandboxConfigFaults: readonly Fault[] = [
  fault({
    name: 'pod-sandbox-made-without-empty-labels',
    breaks: 'a sandbox has the labels of its config, those with an empty value too',
    kills: ['pod-sandbox/status/labels#labels'],
    reason,
    how: config((made) => {
      made.labels = Object.fromEntries(Object.entries(made.labels).filter(([, value]) => value !== ''));
    }),
  }),
  fault({
    name: 'pod-sandbox-made-with-annotations-in-ascii',
    breaks: 'a sandbox has the annotations of its config as they are',
    kills: ['pod-sandbox/status/annotations#annotations'],
    reason,
    how: config(({ annotations }) => {
      for (const [key, value] of Object.entries(annotations)) annotations[key] = value.replaceAll(/[^\0-\x7f]/g, '?');
    }),
  }),
  fault({
    name: 'pod-sandbox-made-without-empty-annotations',
    breaks: 'a sandbox has the annotations of its config, those with an empty value too',
    kills: ['pod-sandbox/status/annotations#annotations'],
    reason,
    how: config((made) => {
      made.annotations = Object.fromEntries(Object.entries(made.annotations).filter(([, value]) => value !== ''));
    }),
  }),
  fault({
    name: 'pod-sandbox-made-with-short-annotations',
    breaks: 'a sandbox has the annotations of its config to their end',
    kills: ['pod-sandbox/status/annotations#annotations'],
    reason,
    how: config(({ annotations }) => {
      for (const [key, value] of Object.entries(annotations)) annotations[key] = value.slice(0, 4096);
    }),
  }),
  fault({
    name: 'pod-sandbox-made-with-short-labels',
    breaks: 'a sandbox has labels of up to 63 characters',
    kills: ['pod-sandbox/status/labels#labels'],
    reason,
    how: config(({ labels }) => {
      for (const [key, value] of Object.entries(labels)) if (value.length === 63) labels[key] = value.slice(0, 62);
    }),
  }),
  fault({
    name: 'pod-sandbox-made-as-the-first-attempt',
    breaks: 'a sandbox has the attempt of its config',
    kills: ['pod-sandbox/status/metadata#metadata'],
    reason,
    how: config(({ metadata }) => {
      if (metadata) metadata.attempt = 0;
    }),
  }),
  fault({
    name: 'pod-sandbox-made-with-a-network-of-its-own',
    breaks: 'a sandbox has the host’s network when its config says so',
    kills: ['pod-sandbox/status/namespace-options#options'],
    reason,
    how: config(({ linux }) => {
      const options = linux?.securityContext?.namespaceOptions;
      if (options?.network === NamespaceMode.NODE) options.network = NamespaceMode.POD;
    }),
  }),
  fault({
    name: 'pod-sandbox-made-for-another-uid',
    breaks: 'a sandbox has the uid of its config',
    kills: ['pod-sandbox/status/metadata#metadata'],
    reason: 'the kubelet finds a pod by its uid; the attempt only tells which try it was',
    how: config(({ metadata }) => {
      if (metadata) metadata.uid = metadata.uid.replaceAll('-', '');
    }),
  }),
];

function config(change: (config: PodSandboxConfig) => void): Break {
  return request('RunPodSandbox', (asked) => {
    if (asked.config) change(asked.config);
  });
}
