import { after, request } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { streamed } from '../streams.ts';
import { closing, isData } from './stream-frames.ts';

/** What the streams of Exec, Attach and PortForward promise of what was asked for, and of those after the first. */
export const streamFieldFaults: readonly Fault[] = [
  fault({
    name: 'exec-stderr-unasked',
    breaks: 'the stream of Exec carries stderr when it was asked for',
    kills: ['exec-stream/streams#stdout-alone'],
    how: request('Exec', (asked) => {
      if (!asked.tty) asked.stderr = true;
    }),
  }),
  fault({
    name: 'exec-stdout-unasked',
    breaks: 'the stream of Exec carries stdout when it was asked for',
    kills: ['exec-stream/streams#stderr-alone'],
    how: request('Exec', (asked) => {
      if (asked.stderr) asked.stdout = true;
    }),
  }),
  fault({
    name: 'attach-stderr-unasked',
    breaks: 'the stream of Attach carries stderr when it was asked for',
    kills: ['attach/output#stdout-alone'],
    how: request('Attach', (asked) => {
      if (!asked.tty) asked.stderr = true;
    }),
  }),
  fault({
    name: 'attach-closes-at-once',
    breaks: 'the stream of Attach stays open for its client’s input',
    kills: [
      ...['exit', 'its-container', 'stdin', 'stdin-once', 'tty'].map((name) => `attach/${name}#stdin-taken`),
      'attach/stdin-stays#first-taken',
      'log/record/attached#stdin-taken',
    ],
    how: streamed('Attach', () => ({ fromRuntime: () => closing })),
  }),
  fault({
    name: 'attach-long-input-changed',
    breaks: 'the stream of Attach carries long inputs as they are',
    kills: ['attach/stdin#large'],
    how: streamed('Attach', () => {
      let sizeBytes = 0;
      return {
        toRuntime: (frame) => {
          if (!isData(frame, 0)) return frame;
          sizeBytes += frame.payload.length;
          if (sizeBytes > 500_000) frame.payload.fill(0, 1, 9);
          return frame;
        },
      };
    }),
  }),
  fault({
    name: 'attach-second-resize-lost',
    breaks: 'a container is told of every new size of its terminal',
    kills: ['attach/tty#resized-again'],
    how: streamed('Attach', () => {
      let count = 0;
      return { toRuntime: (frame) => (isData(frame, 4) && count++ > 0 ? [] : frame) };
    }),
  }),
  fault({
    name: 'exec-new-size-lost',
    breaks: 'a command is told of a new size of its terminal',
    kills: ['exec-stream/resize#resized'],
    how: streamed('Exec', () => {
      let count = 0;
      return { toRuntime: (frame) => (isData(frame, 4) && count++ === 1 ? [] : frame) };
    }),
  }),
  ...(['Attach', 'Exec'] as const).map((rpc) =>
    fault({
      name: `${rpc.toLowerCase()}-leads-to-the-first-container`,
      breaks: `${rpc} leads to the container that it names, not to the first of the pod`,
      kills: [`attach/its-container#${rpc === 'Attach' ? 'received' : 'executed'}`],
      rpcs: ['CreateContainer', rpc],
      how: () => {
        let first: string | undefined;
        const others = new Set<string>();
        return [
          after('CreateContainer', ({ config }, { containerId }) => {
            if (config?.envs.some(({ key }) => key === 'CRIBLE_NAME') !== true) return;
            if (first === undefined) first = containerId;
            else others.add(containerId);
          }),
          request(rpc, (asked) => {
            if (first !== undefined && others.has(asked.containerId)) asked.containerId = first;
          }),
        ];
      },
    }),
  ),
  fault({
    name: 'port-forward-of-one-client',
    breaks: 'PortForward carries data for every client of a pod',
    kills: ['port-forward/bytes#another'],
    rpcs: ['PortForward'],
    how: () => {
      const known = new Set<string>();
      const paths = new Set<string>();
      return [
        after('PortForward', ({ podSandboxId }, { url }) => {
          if (known.has(podSandboxId)) paths.add(new URL(url).pathname);
          known.add(podSandboxId);
        }),
        streamed('PortForward', () => {
          let chosen = false;
          let place = 0;
          return {
            request: ({ line }) => {
              chosen = paths.has(line.split(' ')[1] ?? '');
            },
            // The first two name the port.
            fromRuntime: (frame) => (chosen && frame.payload.length > 1 && (place += 1) > 2 ? [] : frame),
          };
        }),
      ];
    },
  }),
];
