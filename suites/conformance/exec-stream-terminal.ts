import { defineCase } from '../../src/kit/case.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { expectMatch, expectSuccess } from './streamed.ts';

/* Execs that ask for a terminal. Over WebSocket their stdin is asked for too, as kubectl exec -it does, unless it is the question. */

const needs = ['streams'];

export const cases = [
  defineCase({
    id: 'exec-stream/tty',
    title: 'gives a command a terminal that carries stdout and stderr as one and ends lines with CR LF',
    level: 'required',
    rpcs: ['Exec'],
    basis: [
      { kind: 'proto', text: 'ExecRequest.tty: whether to exec the command in a TTY' },
      { kind: 'kubelet', text: 'kubectl exec -it' },
    ],
    needs,
    critest: ['ST-2#output'],
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const script = [
        '[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo "a terminal"',
        'echo out; echo err >&2; read line; echo "got $line"; exit 3',
      ].join('; ');
      const exec = await streams.exec({ containerId, cmd: ['sh', '-c', script], tty: true, stdin: true, stdout: true });
      const beginning = /^a terminal\r\nout\r\nerr\r\n/;
      const text = await expectMatch(
        context,
        exec.stdout,
        beginning,
        'what the command says of its terminal',
        'output',
      );
      await exec.send('line\n');
      const end = await streams.ended(exec);
      const rest = exec.stdout.text.slice(beginning.exec(text)?.[0].length);
      expect.equal('echo', rest, 'line\r\ngot line\r\n', 'the echo of what is sent, and the answer');
      expect.equal('stderr', exec.stderr.text, '', 'what came on stderr');
      expect.equal('exit-code', end.kind === 'exit-code' ? end.exitCode : end, 3, 'the exit code at the end');
    }),
  }),

  defineCase({
    id: 'exec-stream/tty-without-stdin',
    title: 'streams the output of a command with a terminal whose stdin nobody asked for',
    level: 'specified',
    rpcs: ['Exec'],
    basis: [
      { kind: 'proto', text: 'ExecRequest.tty and stdin are asked for apart from each other' },
      { kind: 'kubelet', text: 'kubectl exec -t without -i' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const exec = await streams.exec({
        containerId,
        cmd: ['sh', '-c', 'sleep 0.3; echo out'],
        tty: true,
        stdout: true,
      });
      await expectSuccess(context, streams, exec);
      expect.equal('output', exec.stdout.text, 'out\r\n', 'what came on stdout');
    }),
  }),

  defineCase({
    id: 'exec-stream/resize',
    revision: 2,
    title: 'gives the terminal of a command its size and every new one, and tells the command',
    level: 'required',
    rpcs: ['Exec'],
    basis: [{ kind: 'kubelet', text: 'kubectl exec -it sends the size of its window, and every new one' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { given } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const sized = `until [ "$(stty size)" = '22 77' ]; do sleep 0.05; done`;
      const script = `${sized}; trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done`;
      const exec = await streams.exec({ containerId, cmd: ['sh', '-c', script], tty: true, stdin: true, stdout: true });
      // As kubectl does, when the command need not be up yet.
      await exec.resize({ columns: 77, rows: 22 });
      await expectMatch(context, exec.stdout, /ready\r\n/, 'the terminal has the size that was sent at once', 'ready');
      await exec.resize({ columns: 91, rows: 37 });
      await expectMatch(context, exec.stdout, /^37 91\r$/m, 'the command is told of its new size', 'resized');
      await exec.resize({ columns: 132, rows: 24 });
      await expectMatch(context, exec.stdout, /^24 132\r$/m, 'the command is told of the next size', 'resized-again');
    }),
  }),

  defineCase({
    id: 'exec-stream/interrupt',
    title: 'lets the terminal of a command turn Ctrl-C into a signal',
    level: 'specified',
    rpcs: ['Exec'],
    basis: [
      { kind: 'proto', text: 'ExecRequest.tty: a TTY, which is the command’s controlling terminal' },
      { kind: 'kubelet', text: 'kubectl exec -it passes Ctrl-C on as a byte' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const script = `trap 'echo interrupted; exit 7' INT; echo ready; while :; do sleep 0.05; done`;
      const exec = await streams.exec({ containerId, cmd: ['sh', '-c', script], tty: true, stdin: true, stdout: true });
      await expectMatch(context, exec.stdout, /ready\r\n/, 'the command is up', 'ready');
      await exec.send('\x03');
      const end = await streams.ended(exec);
      expect.equal('exit-code', end.kind === 'exit-code' ? end.exitCode : end, 7, 'the exit code of its INT trap');
    }),
  }),
];
