import { chmodSync, truncateSync, writeFileSync } from 'node:fs';
import { after, before, forgives, swallow } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

const provenOn = 'simulator';

/** What CheckpointContainer promises. */
export const containerCheckpointFaults: readonly Fault[] = [
  fault({
    name: 'checkpoint-not-written',
    breaks: 'there is an archive when CheckpointContainer has succeeded',
    kills: ['container/checkpoint/leaves-it-running#archive'],
    provenOn,
    how: swallow('CheckpointContainer', {}),
  }),
  fault({
    name: 'checkpoint-for-everybody',
    breaks: 'a checkpoint, which holds the container’s memory, can be read by its owner alone',
    kills: ['container/checkpoint/leaves-it-running#owner-only'],
    provenOn,
    how: after('CheckpointContainer', ({ location }) => {
      chmodSync(location, 0o644);
    }),
  }),
  fault({
    name: 'checkpoint-empty',
    breaks: 'a checkpoint holds something',
    kills: ['container/checkpoint/leaves-it-running#not-empty'],
    provenOn,
    how: after('CheckpointContainer', ({ location }) => {
      truncateSync(location);
    }),
  }),
  fault({
    name: 'checkpoint-stops-container',
    breaks: 'a container runs on after its checkpoint',
    kills: ['container/checkpoint/leaves-it-running#runs-on'],
    provenOn,
    how: after('CheckpointContainer', async ({ containerId }, _, { client }) => {
      await client.runtime.stopContainer({ containerId, timeout: 0n });
    }),
  }),
  fault({
    name: 'checkpoint-of-unknown-id-succeeds',
    breaks: 'CheckpointContainer of an unknown container is refused',
    kills: ['container/checkpoint/unknown-id#refused'],
    provenOn,
    how: forgives('CheckpointContainer', 'NotFound', {}),
  }),
  fault({
    name: 'refused-checkpoint-leaves-a-file',
    breaks: 'nothing is written when CheckpointContainer is refused',
    kills: ['container/checkpoint/unknown-id#nothing-written'],
    provenOn,
    how: before('CheckpointContainer', ({ location }) => {
      writeFileSync(location, 'part');
    }),
  }),
];
