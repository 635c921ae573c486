import { defineCase } from '../../src/kit/case.ts';
import { digestOf } from '../../src/kit/received.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { expectSuccess, lines, mebibyte, oddBytes, withoutIds } from './streamed.ts';

/*
 * What comes through the stream of an Exec, and how it ends. Input is in exec-stream-input.ts, the terminal in
 * exec-stream-terminal.ts, what is answered and refused before in exec-stream-url.ts.
 */

const needs = ['streams'];
const output = { stdout: true, stderr: true };

export const cases = [
  defineCase({
    id: 'exec-stream/streams',
    revision: 2,
    title: 'streams stdout and stderr of a command apart from each other, and only what was asked for',
    level: 'required',
    rpcs: ['Exec'],
    basis: [
      { kind: 'proto', text: 'ExecRequest.stdout and stderr: whether to stream each' },
      { kind: 'kubelet', text: 'kubectl exec writes each to its own' },
    ],
    needs,
    critest: ['ST-1#stdout'],
    run: withStreams(async (context, streams) => {
      const { given, expect, observe } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      // In two goes: a runtime may take the end of a stdin that nobody asked for to be the end of everything.
      const cmd = ['sh', '-c', 'echo out; echo err >&2; sleep 0.2; echo more'];
      const exec = await streams.exec({ containerId, cmd, ...output });
      await expectSuccess(context, streams, exec);
      expect.equal('stdout', exec.stdout.text, 'out\nmore\n', 'what came on stdout');
      expect.equal('stderr', exec.stderr.text, 'err\n', 'what came on stderr');
      observe('exec-stream.protocol', exec.protocol);
      observe('exec-stream.url', exec.url.form);
      const text = { stdout: 'out\n', stderr: 'err\n' };
      for (const only of ['stdout', 'stderr'] as const) {
        const asked = { stdout: only === 'stdout', stderr: only === 'stderr' };
        const alone = await streams.exec(
          { containerId, cmd: ['sh', '-c', 'echo out; echo err >&2'], ...asked },
          `exec-${only}`,
        );
        await streams.ended(alone, `${only}-ends`);
        expect.equal(
          `${only}-alone`,
          { stdout: alone.stdout.text, stderr: alone.stderr.text },
          { stdout: '', stderr: '', [only]: text[only] },
          `what came when ${only} alone was asked for`,
        );
      }
    }),
  }),

  defineCase({
    id: 'exec-stream/exit-code',
    title: 'ends the stream of a command with its exit code',
    level: 'required',
    rpcs: ['Exec'],
    basis: [
      {
        kind: 'kubelet',
        text: 'v4.channel.k8s.io: a status on the error channel; kubectl exec exits with its ExitCode',
      },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect, observe } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      for (const [key, script, exitCode] of [
        ['failed', 'exit 37', 37],
        ['killed', 'kill -9 $$', 137],
      ] as const) {
        const exec = await streams.exec({ containerId, cmd: ['sh', '-c', script], ...output }, `${key}-exec`);
        const end = await streams.ended(exec, `${key}-ends`);
        expect.equal(
          key,
          end.kind === 'exit-code' ? { kind: end.kind, exitCode: end.exitCode } : end,
          { kind: 'exit-code', exitCode },
          `the end of \`${script}\``,
        );
        if (key === 'failed' && end.kind === 'exit-code') observe('exec-stream.exit-message', withoutIds(end.message));
      }
    }),
  }),

  defineCase({
    id: 'exec-stream/unknown-command',
    title: 'tells by the call, the server or the end of the stream that a command does not exist',
    level: 'required',
    rpcs: ['Exec'],
    basis: [{ kind: 'kubelet', text: 'kubectl exec must not succeed where nothing ran' }],
    needs,
    run: withStreams(async ({ given, cri, expect, observe }, streams) => {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const cmd = ['/crible/has/no/such/command'];
      const tried = await streams.tryProcess(cri.runtime.exec({ containerId, cmd, ...output }));
      const told = 'refused' in tried ? tried : await streams.ended(tried.opened);
      const isTold = 'refused' in told || told.kind === 'failure' || told.kind === 'exit-code';
      expect.that('told', isTold, 'somebody tells that the command did not run', {
        expected: 'a refusal, or an end that is not success',
        actual: told,
      });
      if ('refused' in told) observe('exec-stream.unknown-command', `refused by the ${told.refused}`);
      else if (told.kind === 'exit-code') observe('exec-stream.unknown-command', `exit code ${String(told.exitCode)}`);
      else if (told.kind === 'failure') observe('exec-stream.unknown-command', `failure ${told.reason}`);
    }),
  }),

  defineCase({
    id: 'exec-stream/bytes',
    title: 'streams every byte as it is, to a command and from it',
    level: 'required',
    rpcs: ['Exec'],
    basis: [{ kind: 'kubelet', text: 'kubectl cp sends archives through exec' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const size = String(oddBytes.length);
      const cmd = ['sh', '-c', `head -c ${size} > /tmp/got; od -An -v -tx1 /tmp/got | tr -d ' \\n' >&2; cat /tmp/got`];
      const exec = await streams.exec({ containerId, cmd, stdin: true, ...output });
      await exec.send(oddBytes);
      await expectSuccess(context, streams, exec);
      const hex = oddBytes.toString('hex');
      expect.equal('to-command', exec.stderr.text, hex, 'what the command read, in hexadecimal');
      expect.equal('from-command', exec.stdout.bytes.toString('hex'), hex, 'what it printed, in hexadecimal');
    }),
  }),

  defineCase({
    id: 'exec-stream/large-output',
    revision: 2,
    title: 'streams an output of 16 MiB whole',
    level: 'required',
    rpcs: ['Exec'],
    basis: [{ kind: 'kubelet', text: 'kubectl cp reads archives of any size through exec' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const exec = await streams.exec({
        containerId,
        cmd: ['sh', '-c', 'yes 0123456789abcde | head -c 16777216'],
        ...output,
      });
      const end = await streams.ended(exec, 'ends', 40_000);
      expect.equal(
        'stdout',
        exec.stdout.digest,
        digestOf(lines(16 * mebibyte)),
        'size and hash of what came on stdout',
      );
      expect.equal('success', end, { kind: 'success' }, 'the end of the stream');
    }),
  }),

  defineCase({
    id: 'exec-stream/side-by-side',
    title: 'keeps the streams of commands apart that run in one container at once',
    level: 'required',
    rpcs: ['Exec'],
    basis: [{ kind: 'kubelet', text: 'several clients may exec in one container' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, expect } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const started = ['a', 'b', 'c'].map(async (name) => {
        const cmd = ['sh', '-c', `read line; echo "${name} got $line"`];
        return { name, exec: await streams.exec({ containerId, cmd, stdin: true, ...output }, `exec-${name}`) };
      });
      const all = await Promise.all(started);
      for (const { name, exec } of all) await exec.send(`line of ${name}\n`, `taken-by-${name}`);
      for (const { name, exec } of all) {
        await expectSuccess(context, streams, exec, `success-${name}`);
        expect.equal(`stdout-${name}`, exec.stdout.text, `${name} got line of ${name}\n`, `what ${name} answered`);
      }
    }),
  }),
];
