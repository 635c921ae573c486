import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defineCase } from '../../src/kit/case.ts';
import { answerOrRefusal, containerState, containerStatus, nobody } from './ask.ts';

const archive = 'checkpoint.tar';

export const cases = [
  defineCase({
    id: 'container/checkpoint/leaves-it-running',
    title:
      'writes a container’s checkpoint where it is told to, or refuses and writes nothing, and lets the container run on',
    level: 'optional',
    rpcs: ['CheckpointContainer'],
    basis: [
      { kind: 'proto', text: 'CheckpointContainerRequest.location: of the checkpoint archive' },
      {
        kind: 'kep',
        text: 'KEP-2008: the container runs on unaware; the archive holds its memory and is for root alone; without CRIU the runtime answers an error',
      },
    ],
    needs: ['rpc:CheckpointContainer', 'host-files'],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const folder = given.hostFolder();
      const location = join(folder, archive);
      const outcome = await answerOrRefusal(cri.runtime.checkpointContainer({ containerId, location, timeout: 20n }));
      const written = 'answer' in outcome;
      observe('container.checkpoint', written ? 'written' : `refused with ${outcome.refusedWith}`);
      const expected = written ? [archive] : [];
      expect.equal('archive', readdirSync(folder), expected, 'what is in the folder of the location afterwards');
      const readers = written ? statSync(location).mode & 0o077 : 0;
      expect.equal('owner-only', readers, 0, 'what others than its owner may do with the archive, as bits of its mode');
      const size = written ? statSync(location).size : 1;
      expect.that('not-empty', size > 0, 'the size of the archive', { expected: 'more than 0', actual: size });
      const status = await containerStatus(context, containerId);
      expect.equal('runs-on', containerState(status), 'CONTAINER_RUNNING', 'the state of the container afterwards');
    },
  }),

  defineCase({
    id: 'container/checkpoint/unknown-id',
    title: 'refuses CheckpointContainer of an id that it does not know',
    level: 'optional',
    rpcs: ['CheckpointContainer'],
    basis: [{ kind: 'proto', text: 'CheckpointContainerRequest.container_id: id of the container to be checkpointed' }],
    needs: ['rpc:CheckpointContainer', 'host-files'],
    async run({ given, cri, expect }) {
      const folder = given.hostFolder();
      await expect.fails(
        'refused',
        cri.runtime.checkpointContainer({ containerId: nobody, location: join(folder, archive), timeout: 5n }),
        'CheckpointContainer of an unknown container',
      );
      expect.equal('nothing-written', readdirSync(folder), [], 'what is in the folder of the location afterwards');
    },
  }),
];
