import { defineCase } from '../../src/kit/case.ts';
import { joinRecords } from '../../src/kit/log-file.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { execSync } from './ask.ts';
import { attached } from './attached.ts';
import { expectLogged, logRecords } from './logged.ts';
import { expectReceived } from './streamed.ts';

/* What goes to the log of a container and what does not. */

export const cases = [
  defineCase({
    id: 'log/record/terminal',
    title: 'writes what a container prints on its terminal to its log, as stdout',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.tty: a terminal, which has one output' },
      { kind: 'kubelet', text: 'shows the log of a pod with tty: true as that of any other' },
    ],
    needs: ['host-files'],
    async run({ given, expect }) {
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', 'echo out; echo err >&2; echo more'],
        tty: true,
      });
      // A terminal ends lines with CR LF, which runtimes keep or not.
      const textOf = (stream: string): string =>
        joinRecords(logRecords(container), stream).toString('latin1').replaceAll('\r', '');
      await expect.eventually(
        'output',
        () => Promise.resolve(textOf('stdout')),
        (text) => text === 'out\nerr\nmore\n',
        'what the log restores to as stdout',
        { expected: 'out\nerr\nmore\n', withinMs: 5_000 },
      );
      expect.equal('no-stderr', textOf('stderr'), '', 'what it restores to as stderr');
    },
  }),

  defineCase({
    id: 'log/record/attached',
    title:
      'writes what a container prints to its log while somebody is attached, and nothing of what is executed in it',
    level: 'required',
    rpcs: ['Attach', 'ExecSync'],
    basis: [
      { kind: 'kep', text: 'the CRI’s log format: the log has the stdout and stderr of the container' },
      { kind: 'kubelet', text: 'kubectl logs beside kubectl attach, and beside probes every few seconds' },
    ],
    needs: ['host-files', 'streams'],
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const command = ['sh', '-c', 'read line; echo "got $line"; read line; exit 0'];
      const container = await given.startedContainer(await given.sharedPodSandbox(), { command, stdin: true });
      await execSync(context, container.id, ['sh', '-c', 'echo executed; echo executed >&2']);
      const request = { containerId: container.id, stdin: true, stdout: true, stderr: true };
      const attach = await attached(streams, request);
      await attach.send('one\n');
      await expectReceived(context, attach.stdout, 'got one\n', 'what the container answers');
      const records = await expectLogged(context, container, 'got one\n', 'what the log restores to');
      expect.equal('no-stderr', joinRecords(records, 'stderr').toString(), '', 'what it restores to as stderr');
    }),
  }),
];
