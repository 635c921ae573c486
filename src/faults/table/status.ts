import { answer, codeChanged, request } from '../combinators.ts';
import { fromNth } from '../counted.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What Version, Status and the other RPCs about the runtime as a whole promise. */
export const statusFaults: readonly Fault[] = [
  fault({
    name: 'version-once',
    breaks: 'Version answers, also the second time',
    kills: ['runtime/version/names-the-runtime#answers'],
    rpcs: ['Version'],
    // The first is asked by whoever connects.
    how: () => fromNth({ ...{ rpc: 'Version', nth: 2, instead: 'refused' }, objectOf: () => '' }),
  }),
  fault({
    name: 'version-of-another-kubelet',
    breaks: 'Version answers the version of the kubelet’s side of the CRI',
    kills: ['runtime/version/names-the-runtime#version'],
    how: answer('Version', (version) => {
      version.version = '1.0';
    }),
  }),
  fault({
    name: 'runtime-without-a-name',
    breaks: 'Version names the runtime',
    kills: ['runtime/version/names-the-runtime#runtime-name'],
    how: answer('Version', (version) => {
      version.runtimeName = '';
    }),
  }),
  fault({
    name: 'runtime-version-without-numbers',
    breaks: 'Version answers the version of the runtime',
    kills: ['runtime/version/names-the-runtime#runtime-version'],
    how: answer('Version', (version) => {
      version.runtimeVersion = 'devel';
    }),
  }),
  fault({
    name: 'runtime-api-version-of-old',
    breaks: 'Version answers the version of the CRI that it is asked in',
    kills: ['runtime/version/names-the-runtime#api-version'],
    how: answer('Version', (version) => {
      version.runtimeApiVersion = 'v1alpha2';
    }),
  }),
  fault({
    name: 'network-condition-missing',
    breaks: 'Status tells whether the network is ready',
    kills: ['runtime/status/is-ready#conditions'],
    how: answer('Status', ({ status }) => {
      if (status) status.conditions = status.conditions.filter(({ type }) => type !== 'NetworkReady');
    }),
  }),
  fault({
    name: 'info-unasked',
    breaks: 'Status adds debugging information only when it is asked to',
    kills: ['runtime/status/info-only-when-verbose#no-info'],
    how: request('Status', (asked) => {
      asked.verbose = true;
    }),
  }),
  fault({
    name: 'conditions-lost-when-verbose',
    breaks: 'Status has its conditions also when it is asked to be verbose',
    kills: ['runtime/status/info-only-when-verbose#same-conditions'],
    how: answer('Status', ({ status }, { verbose }) => {
      if (status && verbose) status.conditions = status.conditions.filter(({ type }) => type !== 'RuntimeReady');
    }),
  }),
  fault({
    name: 'runtime-handlers-named-twice',
    breaks: 'Status names each runtime handler once',
    kills: ['runtime/status/handlers#unique'],
    provenOn: 'simulator',
    how: answer('Status', ({ runtimeHandlers }) => {
      runtimeHandlers.push(...runtimeHandlers.slice(-1));
    }),
  }),
  fault({
    name: 'default-runtime-handler-unnamed',
    breaks: 'Status has the default runtime handler by its empty name',
    kills: ['runtime/status/handlers#in-use'],
    provenOn: 'simulator',
    how: answer('Status', (answered) => {
      answered.runtimeHandlers = answered.runtimeHandlers.filter(({ name }) => name !== '');
    }),
  }),
  fault({
    name: 'info-is-no-json',
    breaks: 'the debugging information of Status is JSON',
    kills: ['runtime/status/info-is-json#json'],
    provenOn: 'simulator',
    how: answer('Status', ({ info }, { verbose }) => {
      if (verbose) info['more'] = '{not: json}';
    }),
  }),
  fault({
    name: 'unknown-container-is-an-unknown-error',
    breaks: 'ContainerStatus of an unknown id is answered by NotFound',
    kills: ['container/status/unknown-id#not-found', 'pod-sandbox/remove/removes-containers#no-status-of-created'],
    how: codeChanged('ContainerStatus', 'NotFound', 'Unknown'),
  }),
];
