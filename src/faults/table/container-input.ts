import { request, refuses, swallow } from '../combinators.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { Signal } from '../../cri/messages.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What comes into a container from outside: its standard input, and the signal that stops it. */
export const containerInputFaults: readonly Fault[] = [
  fault({
    name: 'stdin-of-all-containers-open',
    breaks: 'a container without stdin reads the end of it',
    kills: ['container/process/without-stdin#exits'],
    how: request('CreateContainer', ({ config }) => {
      if (config) config.stdin = true;
    }),
  }),
  fault({
    name: 'stdin-of-containers-closed',
    breaks: 'a container without stdin has one that can be read',
    kills: ['container/process/without-stdin#exit-code'],
    how: request('CreateContainer', ({ config }) => {
      if (config?.command[2]?.startsWith('cat') === true) config.command[2] = `exec <&-; ${config.command[2]}`;
    }),
  }),
  fault({
    name: 'stop-signal-of-config-dropped',
    breaks: 'a container is stopped by the signal that its config names',
    kills: ['container/stop/signal-of-config#by-sigusr1'],
    provenOn: 'simulator',
    how: request('CreateContainer', ({ config }) => {
      if (config) config.stopSignal = Signal.RUNTIME_DEFAULT;
    }),
  }),
  fault({
    name: 'stop-by-a-signal-of-the-config-refused',
    breaks: 'StopContainer accepts a container whose config names its signal',
    kills: ['container/stop/signal-of-config#stop'],
    provenOn: 'simulator',
    rpcs: ['CreateContainer', 'StopContainer'],
    how: () => withSignal((stops) => refuses('StopContainer', 'Internal', stops)),
  }),
  fault({
    name: 'stop-by-a-signal-of-the-config-swallowed',
    breaks: 'StopContainer stops a container whose config names its signal',
    kills: ['container/stop/signal-of-config#exits'],
    provenOn: 'simulator',
    rpcs: ['CreateContainer', 'StopContainer'],
    how: () => withSignal((stops) => swallow('StopContainer', {}, stops)),
  }),
];

/** A break of the first StopContainer of each container whose config names a signal. */
function withSignal(stop: (stops: (asked: { readonly containerId: string }) => boolean) => Break): readonly Break[] {
  const named = new Set<string>();
  return [
    around('CreateContainer', (next) => async (asked, call) => {
      const made = await next(asked, call);
      if (asked.config?.stopSignal) named.add(made.containerId);
      return made;
    }),
    stop(({ containerId }) => named.delete(containerId)),
  ];
}
