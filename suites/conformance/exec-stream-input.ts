import { defineCase } from '../../src/kit/case.ts';
import { digestOf } from '../../src/kit/received.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { execSync } from './ask.ts';
import { expectReceived, expectSuccess, lines, mebibyte } from './streamed.ts';

/* What goes to a command through the stream of an Exec. */

const needs = ['streams'];
const output = { stdout: true, stderr: true };

export const cases = [
  defineCase({
    id: 'exec-stream/stdin',
    title: 'streams bytes to the stdin of a command, and back while it runs',
    level: 'required',
    rpcs: ['Exec'],
    basis: [{ kind: 'proto', text: 'ExecRequest.stdin: whether to stream it' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { given } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const cmd = ['sh', '-c', 'while read line; do [ "$line" = bye ] && exit 0; echo "got $line"; done; exit 1'];
      const exec = await streams.exec({ containerId, cmd, stdin: true, ...output });
      await exec.send('one\n', 'first-taken');
      await expectReceived(context, exec.stdout, 'got one\n', 'what the first line was answered with', 'first');
      await exec.send('two\nbye\n', 'second-taken');
      await expectSuccess(context, streams, exec);
      await expectReceived(context, exec.stdout, 'got one\ngot two\n', 'all that was answered', 'second');
    }),
  }),

  defineCase({
    id: 'exec-stream/stdin-end',
    title: 'ends the stdin of a command when its client ends it, with every byte before',
    level: 'required',
    rpcs: ['Exec'],
    basis: [
      {
        kind: 'kubelet',
        text: 'v5.channel.k8s.io closes stdin alone; in v4 the end of the connection is the end of stdin',
      },
      { kind: 'kubelet', text: 'kubectl cp and exec of pipes end when the other side has read to the end' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const cmd = ['sh', '-c', 'cat > /tmp/got; echo " and the end" >> /tmp/got; mv /tmp/got /tmp/all'];
      const exec = await streams.exec({ containerId, cmd, stdin: true, ...output });
      await exec.send('every byte');
      exec.endInput();
      const { stdout } = await expect.eventually(
        'stdin-ended',
        () => execSync(context, containerId, ['cat', '/tmp/all'], 'look'),
        ({ exitCode }) => exitCode === 0,
        'the command reads to the end of its stdin',
        { expected: { stdout: 'every byte and the end\n', exitCode: 0 }, withinMs: 15_000 },
      );
      expect.equal('stdin', stdout, 'every byte and the end\n', 'what the command read');
    }),
  }),

  defineCase({
    id: 'exec-stream/without-stdin',
    title: 'gives a command nothing to read when no stdin is asked for, and ends it there',
    level: 'specified',
    rpcs: ['Exec'],
    basis: [{ kind: 'proto', text: 'ExecRequest.stdin: whether to stream it; without, there is none' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const exec = await streams.exec({ containerId, cmd: ['sh', '-c', 'cat; echo end'], ...output });
      await expectSuccess(context, streams, exec);
      expect.equal('stdout', exec.stdout.text, 'end\n', 'what the command read and printed');
    }),
  }),

  defineCase({
    id: 'exec-stream/stdin-after-stdout',
    title: 'goes on streaming stdin to a command that has closed its stdout',
    level: 'specified',
    rpcs: ['Exec'],
    basis: [
      { kind: 'proto', text: 'ExecRequest.stdin: whether to stream it, apart from stdout and stderr' },
      { kind: 'kubelet', text: 'kubectl exec -i into a command that prints nothing: what is cut off is lost unseen' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      // It stays a while after what it takes for the end, so that the rest of its input can be sent.
      const script =
        'exec >&-; sleep 0.2; echo closed >&2; head -c 65536 > /tmp/got; sleep 0.3; [ $(wc -c < /tmp/got) = 65536 ]';
      const exec = await streams.exec({ containerId, cmd: ['sh', '-c', script], stdin: true, ...output });
      await expectReceived(
        context,
        exec.stderr,
        'closed\n',
        'what the command says when its stdout is closed',
        'closed',
      );
      await exec.send(Buffer.alloc(65_536, 'x'));
      const end = await streams.ended(exec);
      expect.equal('whole', end, { kind: 'success' }, 'the end of a command that succeeds if it read everything');
    }),
  }),

  defineCase({
    id: 'exec-stream/large-input',
    title: 'streams an input of 16 MiB whole to a command that takes its time',
    level: 'required',
    rpcs: ['Exec'],
    basis: [{ kind: 'kubelet', text: 'kubectl cp writes archives of any size through exec' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const cmd = ['sh', '-c', 'sleep 0.3; head -c 16777216 | sha256sum'];
      const exec = await streams.exec({ containerId, cmd, stdin: true, ...output });
      const bytes = lines(16 * mebibyte);
      await exec.send(bytes);
      const end = await streams.ended(exec, 'ends', 15_000);
      const { sha256 } = digestOf(bytes);
      expect.equal('stdin', exec.stdout.text, `${sha256}  -\n`, 'the hash of what the command read');
      expect.equal('success', end, { kind: 'success' }, 'the end of the stream');
    }),
  }),
];
