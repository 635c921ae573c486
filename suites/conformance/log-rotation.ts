import { renameSync } from 'node:fs';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { defineCase } from '../../src/kit/case.ts';
import type { Container } from '../../src/kit/given.ts';
import { containerStatus } from './ask.ts';
import { expectLogged, logRecords } from './logged.ts';

const appearsMs = 5_000;
/** In each file, so that it is being written to when it is renamed. */
const fewRecords = 100;
const rotations = [1, 2, 3];

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'log.without-path',
    meaning: 'whether the output of a container whose config names no log_path is kept anywhere',
    stability: 'exact',
    source: 'source: containerd drops it, CRI-O writes to a path of its own',
  },
];

export const cases = [
  defineCase({
    id: 'log/rotation/fast-writer',
    title: `loses no line of a fast writer whose log is rotated ${String(rotations.length)} times, and keeps their order`,
    level: 'required',
    rpcs: ['ReopenContainerLog'],
    basis: [
      { kind: 'proto', text: 'ReopenContainerLog: the log goes on in a new file after a rotation' },
      {
        kind: 'kubelet',
        text: 'rotates a log whenever it grows too long (containerLogMaxSize), which fast writers’ do',
      },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, cri, expect } = context;
      const burst = 'i=0; while [ $i -lt 50 ]; do i=$((i+1)); n=$((n+1)); echo $n; done; sleep 0.01';
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', `trap 'exit 0' TERM; n=0; while :; do ${burst}; done`],
      });
      const isWritten = async (key: string): Promise<void> => {
        await expect.eventually(
          key,
          () => Promise.resolve(logRecords(container).length),
          (count) => count >= fewRecords,
          'records in the file at the log’s path',
          { expected: `at least ${String(fewRecords)}`, withinMs: appearsMs },
        );
      };
      await isWritten('written');
      const rotated = rotations.map((place) => ({ logPath: `${container.logPath}.${String(place)}` }));
      for (const { logPath } of rotated) {
        renameSync(container.logPath, logPath);
        await expect.succeeds(
          'reopen',
          cri.runtime.reopenContainerLog({ containerId: container.id }),
          'ReopenContainerLog of a running container',
        );
        await isWritten('goes-on');
      }
      // At its end, so that nobody writes while the files are read.
      await expect.succeeds(
        'stop',
        cri.runtime.stopContainer({ containerId: container.id, timeout: 10n }),
        'StopContainer of the writer',
      );
      const numbers = [...rotated, container].flatMap(logRecords).map(({ content }) => Number(content.toString()));
      const wrong = numbers.findIndex((number, place) => number !== place + 1);
      expect.that('no-line-lost', wrong === -1, 'the lines of all files, one file after the other, count from 1', {
        expected: 'each number one more than the one before',
        actual: { lines: numbers.length, around: numbers.slice(Math.max(0, wrong - 2), wrong + 3), line: wrong + 1 },
      });
    },
  }),

  defineCase({
    id: 'log/file/next-attempt',
    title: 'writes the log of a container’s next attempt to its own log_path, and leaves the one before alone',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.log_path: where, in the sandbox’s log_directory, the log is' },
      {
        kind: 'kubelet',
        text: 'names it after the attempt, 0.log, 1.log; kubectl logs --previous shows the one before',
      },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, observe } = context;
      const pod = await given.sharedPodSandbox();
      const attempt = (place: number, word: string): Promise<Container> =>
        given.startedContainer(pod, {
          metadata: { name: 'again', attempt: place },
          logPath: `again/${String(place)}.log`,
          command: ['echo', word],
        });
      const first = await attempt(0, 'before');
      await expectLogged(context, first, 'before\n', 'the log of attempt 0', { key: 'first' });
      const second = await attempt(1, 'after');
      await expectLogged(context, second, 'after\n', 'the log of attempt 1', { key: 'second' });
      await expectLogged(context, first, 'before\n', 'the log of attempt 0, once there is another', { key: 'kept' });

      const { id } = await given.startedContainer(pod, { logPath: '', command: ['echo', 'nowhere'] });
      const { logPath } = await containerStatus(context, id);
      observe('log.without-path', logPath === '' ? 'ContainerStatus names none' : 'ContainerStatus names one');
    },
  }),
];
