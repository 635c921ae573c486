import { defineCase } from '../../src/kit/case.ts';
import { digestOf } from '../../src/kit/received.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { containerState, containerStatus, execSync, exitStatus } from './ask.ts';
import { attached } from './attached.ts';
import { expectMatch, expectReceived, lines, mebibyte, oddBytes } from './streamed.ts';

/* What goes through the stream of an Attach. What is answered and refused before is in attach-url.ts. */

const needs = ['streams'];
const output = { stdout: true, stderr: true };
const answering = ['sh', '-c', 'while read line; do echo "got $line"; done; exit 9'];

export const cases = [
  defineCase({
    id: 'attach/output',
    revision: 2,
    title: 'streams what a container prints from the attach on, stdout and stderr apart from each other',
    level: 'required',
    rpcs: ['Attach'],
    basis: [
      { kind: 'proto', text: 'AttachRequest.stdout and stderr: whether to stream each' },
      { kind: 'kubelet', text: 'kubectl attach shows what is printed from then on; what was before is in the log' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const preparation = "echo before; echo before >&2; trap 'echo out; echo err >&2' USR1";
      const { id: containerId } = await given.readyContainer(await given.sharedPodSandbox(), preparation);
      const { stdout, stderr } = await streams.attach({ containerId, ...output });
      const alone = await streams.attach({ containerId, stdout: true }, 'attach-stdout');
      // The stream may be open a moment before the container's output leads to it, so it is asked to print until it does.
      await expect.eventually(
        'output',
        async () => {
          await execSync(context, containerId, ['kill', '-USR1', '1'], 'ask-to-print');
          return { stdout: stdout.text, stderr: stderr.text, alone: alone.stdout.text };
        },
        (seen) => [seen.stdout, seen.alone].every((text) => text.includes('out\n')) && seen.stderr.includes('err\n'),
        'what the container prints comes on its streams, and stdout to the client that asked for it alone',
        { expected: { stdout: 'out\n', stderr: 'err\n', alone: 'out\n' }, withinMs: 15_000 },
      );
      expect.equal('stdout', stdout.text.replaceAll('out\n', ''), '', 'what else came on stdout');
      expect.equal('stderr', stderr.text.replaceAll('err\n', ''), '', 'what else came on stderr');
      expect.equal('stdout-alone', alone.stderr.text, '', 'what came on stderr to the client that did not ask for it');
    }),
  }),

  defineCase({
    id: 'attach/stdin',
    revision: 2,
    title: 'streams bytes to the stdin of a container, as they are and however many',
    level: 'required',
    rpcs: ['Attach'],
    basis: [
      { kind: 'proto', text: 'AttachRequest.stdin: whether to stream it' },
      { kind: 'kubelet', text: 'kubectl attach -i, and kubectl run -i' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given } = context;
      const bytes = lines(mebibyte);
      const script = `head -c ${String(oddBytes.length)}; head -c ${String(bytes.length)} | sha256sum`;
      const command = ['sh', '-c', `${script}; sleep 3600 & wait $!`];
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox(), {
        command,
        stdin: true,
      });
      const attach = await attached(streams, { containerId, stdin: true, ...output });
      await attach.send(oddBytes);
      const odd = oddBytes.toString('latin1');
      await expectReceived(context, attach.stdout, odd, 'what the container repeats');
      await attach.send(bytes);
      const hashed = `${odd}${digestOf(bytes).sha256}  -\n`;
      await expectReceived(context, attach.stdout, hashed, 'that, and the hash of a mebibyte that was sent', 'large');
    }),
  }),

  defineCase({
    id: 'attach/stdin-once',
    title: 'ends the stdin of a container with stdin_once when its first client goes',
    level: 'required',
    rpcs: ['Attach', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.stdin_once: stdin is closed after the first attach' },
      { kind: 'kubelet', text: 'kubectl run -i ends when its input does' },
    ],
    needs,
    critest: ['ST-3#received'],
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const stdin = { stdin: true, stdinOnce: true };
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { command: answering, ...stdin });
      const attach = await attached(streams, { containerId: id, stdin: true, ...output });
      await attach.send('one\n');
      await expectReceived(context, attach.stdout, 'got one\n', 'what the container answers');
      const before = await containerStatus(context, id, 'before');
      expect.equal('running-before', containerState(before), 'CONTAINER_RUNNING', 'the container with its client');
      attach.endInput();
      const { exitCode } = await exitStatus(context, id);
      expect.equal('exit-code', exitCode, 9, 'the exit code of a command that read to its end');
    }),
  }),

  defineCase({
    id: 'attach/stdin-stays',
    title: 'keeps the stdin of a container without stdin_once for the next client',
    level: 'required',
    rpcs: ['Attach', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.stdin_once: without it, stdin stays open over several attaches' },
      { kind: 'kubelet', text: 'kubectl attach to a shell, left and attached to again' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { command: answering, stdin: true });
      const first = await attached(streams, { containerId: id, stdin: true, ...output }, 'first');
      await first.send('one\n', 'first-taken');
      await expectReceived(context, first.stdout, 'got one\n', 'what the first client is answered', 'first-answered');
      first.close();
      await streams.ended(first, 'first-ends');
      const second = await attached(streams, { containerId: id, stdin: true, ...output }, 'second');
      await second.send('two\n', 'second-taken');
      await expectReceived(
        context,
        second.stdout,
        'got two\n',
        'what the second client is answered',
        'second-answered',
      );
      const status = await containerStatus(context, id);
      expect.equal('running', containerState(status), 'CONTAINER_RUNNING', 'the container after its first client');
    }),
  }),

  defineCase({
    id: 'attach/tty',
    revision: 2,
    title: 'streams the terminal of a container, and resizes it',
    level: 'required',
    rpcs: ['Attach'],
    basis: [
      { kind: 'proto', text: 'AttachRequest.tty: must be that of the container’s configuration' },
      { kind: 'kubelet', text: 'kubectl attach -it, and kubectl run -it' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given } = context;
      const script = `trap 'stty size' WINCH; while :; do read line && echo "got $line"; done`;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', script],
        stdin: true,
        tty: true,
      });
      const attach = await attached(streams, { containerId, stdin: true, stdout: true, tty: true });
      await attach.send('one\n');
      await expectMatch(context, attach.stdout, /one\r\ngot one\r\n$/, 'the echo, and the answer', 'answered');
      await attach.resize({ columns: 91, rows: 37 });
      await expectMatch(context, attach.stdout, /^37 91\r$/m, 'the container is told of its new size', 'resized');
      await attach.resize({ columns: 132, rows: 24 });
      await expectMatch(
        context,
        attach.stdout,
        /^24 132\r$/m,
        'the container is told of the next size',
        'resized-again',
      );
    }),
  }),

  defineCase({
    id: 'attach/two-clients',
    title: 'streams what a container prints to every client that is attached',
    level: 'optional',
    rpcs: ['Attach'],
    basis: [{ kind: 'kubelet', text: 'lets several clients attach to one container' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { given } = context;
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { command: answering, stdin: true });
      const [first, second] = [
        await attached(streams, { containerId: id, stdin: true, ...output }, 'first'),
        await attached(streams, { containerId: id, stdin: true, ...output }, 'second'),
      ];
      await first.send('one\n', 'first-taken');
      await expectMatch(context, first.stdout, /got one\n/, 'what the first client sees', 'first-answered');
      await second.send('two\n', 'second-taken');
      for (const [key, client] of Object.entries({ first, second })) {
        await expectMatch(context, client.stdout, /got two\n$/, `what the ${key} client sees`, `${key}-sees-both`);
      }
    }),
  }),

  defineCase({
    id: 'attach/exit',
    title: 'ends the stream of an attach when the container exits',
    level: 'required',
    rpcs: ['Attach'],
    basis: [{ kind: 'kubelet', text: 'kubectl attach and kubectl run -i wait for the end of the stream' }],
    needs,
    critest: ['ST-3#status'],
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const command = ['sh', '-c', 'read line; echo "got $line"; exit 5'];
      const { id } = await given.startedContainer(await given.sharedPodSandbox(), { command, stdin: true });
      const attach = await attached(streams, { containerId: id, stdin: true, ...output });
      await attach.send('one\n');
      const end = await streams.ended(attach);
      const { kind } = end;
      expect.that(
        'status',
        kind === 'success' || kind === 'exit-code',
        'the end of the stream says that all went well',
        {
          expected: 'success, or the exit code of the container',
          actual: end,
        },
      );
    }),
  }),
];
