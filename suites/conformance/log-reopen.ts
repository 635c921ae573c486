import { existsSync, renameSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { defineCase } from '../../src/kit/case.ts';
import { joinRecords } from '../../src/kit/log-file.ts';
import { answerOrRefusal } from './ask.ts';
import { expectLogged, logRecords } from './logged.ts';

const appearsMs = 5_000;

export const cases = [
  defineCase({
    id: 'log/reopen/after-rename',
    revision: 2,
    title: 'goes on in a new file after ReopenContainerLog with both streams, without losing a line',
    level: 'required',
    rpcs: ['ReopenContainerLog'],
    basis: [
      {
        kind: 'proto',
        text: 'ReopenContainerLog: the log file is opened again under its path; a renamed one is left alone',
      },
      { kind: 'kubelet', text: 'rotates logs so: renames the file, asks, compresses the renamed one' },
    ],
    needs: ['host-files'],
    critest: ['LO-2#new-file-written'],
    async run(context) {
      const { given, cri, expect, signal } = context;
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: [
          'sh',
          '-c',
          "trap 'exit 0' TERM; n=0; while :; do n=$((n+1)); echo $n; echo $n >&2; sleep 0.05; done",
        ],
      });
      const hasRecords = async (key: string, of = 'stdout'): Promise<void> => {
        await expect.eventually(
          key,
          () => Promise.resolve(logRecords(container).filter(({ stream }) => stream === of).length),
          (count) => count > 0,
          `the log has records of ${of}`,
          { expected: 'more than 0', withinMs: appearsMs },
        );
      };
      await hasRecords('first-file-written');
      const renamed = { logPath: `${container.logPath}.rotated` };
      renameSync(container.logPath, renamed.logPath);
      await expect.succeeds(
        'reopen',
        cri.runtime.reopenContainerLog({ containerId: container.id }),
        'ReopenContainerLog of a running container',
      );
      expect.equal('new-file-at-once', existsSync(container.logPath), true, 'whether the path exists on return');
      await hasRecords('new-file-written');
      await hasRecords('stderr-too', 'stderr');
      const sizeBytes = statSync(renamed.logPath).size;
      await pause(200, undefined, { signal });
      expect.equal(
        'old-file-left-alone',
        statSync(renamed.logPath).size,
        sizeBytes,
        'the renamed file’s size, 200 ms later',
      );
      const numbers = [...logRecords(renamed), ...logRecords(container)]
        .filter(({ stream }) => stream === 'stdout')
        .map(({ content }) => Number(content.toString()));
      expect.equal(
        'no-line-lost',
        numbers,
        numbers.map((_, index) => index + 1),
        'the numbered lines of stdout in both files',
      );
    },
  }),

  defineCase({
    id: 'log/reopen/without-rename',
    title: 'keeps what is in a log that ReopenContainerLog finds still in its place, and goes on in it',
    level: 'specified',
    rpcs: ['ReopenContainerLog'],
    basis: [
      { kind: 'proto', text: 'ReopenContainerLog: the log file is opened again; nothing is said of emptying it' },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, cri, expect } = context;
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', "trap 'exit 0' TERM; n=0; while :; do n=$((n+1)); echo $n; sleep 0.05; done"],
      });
      const numbers = (): readonly number[] => logRecords(container).map(({ content }) => Number(content.toString()));
      const last = (): Promise<number> => Promise.resolve(numbers().at(-1) ?? 0);
      const before = await expect.eventually('written', last, (number) => number >= 3, 'the log has three records', {
        expected: 'at least 3',
        withinMs: appearsMs,
      });
      await expect.succeeds(
        'reopen',
        cri.runtime.reopenContainerLog({ containerId: container.id }),
        'ReopenContainerLog of a running container whose log is where it was',
      );
      // What was on its way may come after the answer; three more lines cannot all have been.
      await expect.eventually('goes-on', last, (number) => number >= before + 3, 'the log goes on at its path', {
        expected: `at least ${String(before + 3)}`,
        withinMs: appearsMs,
      });
      const kept = numbers();
      expect.equal(
        'nothing-lost',
        kept,
        kept.map((_, index) => index + 1),
        'the numbered lines of the log',
      );
    },
  }),

  defineCase({
    id: 'log/reopen/exited-container',
    title: 'either makes a new log file for an exited container or refuses to and makes none',
    level: 'specified',
    rpcs: ['ReopenContainerLog'],
    basis: [
      {
        kind: 'proto',
        text: 'ReopenContainerLog of a container that does not run: a new file, or an error and no new file',
      },
      { kind: 'kubelet', text: 'moves the renamed file back when it gets an error' },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, cri, expect, observe } = context;
      const { container } = await given.exitedContainer(await given.sharedPodSandbox(), { command: ['echo', 'done'] });
      await expectLogged(context, container, 'done\n', 'what the log restores to before');
      renameSync(container.logPath, `${container.logPath}.rotated`);
      const outcome = await answerOrRefusal(cri.runtime.reopenContainerLog({ containerId: container.id }));
      const refused = 'refusedWith' in outcome;
      observe('log.reopen-of-exited', refused ? `refused with ${outcome.refusedWith}` : 'makes a new file');
      expect.equal('new-file', existsSync(container.logPath), !refused, 'whether there is a new file');
      const kept = joinRecords(logRecords({ logPath: `${container.logPath}.rotated` }), 'stdout').toString();
      expect.equal('old-file', kept, 'done\n', 'what the renamed file restores to');
    },
  }),
];
