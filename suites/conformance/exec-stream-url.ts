import { defineCase } from '../../src/kit/case.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { codeOfCall, nobody } from './ask.ts';
import { expectSuccess, withoutToken } from './streamed.ts';

/* What Exec answers and refuses before anything goes through its stream. */

const needs = ['streams'];
const output = { stdout: true, stderr: true };

export const cases = [
  defineCase({
    id: 'exec-stream/single-use',
    title: 'lets the URL of an Exec be used once',
    level: 'specified',
    rpcs: ['Exec'],
    basis: [
      {
        kind: 'kubelet',
        text: 'its streaming library, which runtimes serve with: a token is good for one request; the URL is all the authorisation there is',
      },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const { given, cri, expect, observe } = context;
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const cmd = ['sh', '-c', 'echo x >> /tmp/runs; wc -l < /tmp/runs'];
      const answer = await expect.succeeds('exec', cri.runtime.exec({ containerId, cmd, ...output }), 'Exec');
      const first = await streams.open(answer.url, 'first-stream');
      await expectSuccess(context, streams, first, 'first');
      const second = await streams.tryProcess(Promise.resolve(answer));
      expect.that('second-refused', 'refused' in second, 'the second use of the URL is refused', {
        expected: 'an HTTP status other than 101',
        actual: 'refused' in second ? second : 'a stream',
      });
      if ('refused' in second && second.refused === 'connection') {
        observe('exec-stream.second-use', second.httpStatus);
      }
    }),
  }),

  defineCase({
    id: 'exec-stream/spdy-handshake',
    title: 'takes up SPDY/3.1 with v4.channel.k8s.io for an Exec',
    level: 'required',
    rpcs: ['Exec'],
    basis: [{ kind: 'kubelet', text: 'kubectl before 1.31 asks for SPDY, and the kubelet passes the request on' }],
    needs,
    run: withStreams(async ({ given, cri, expect }, streams) => {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const { url } = await expect.succeeds(
        'exec',
        cri.runtime.exec({ containerId, cmd: ['true'], ...output }),
        'Exec',
      );
      const { httpStatus, headers } = await streams.spdy(url, 'v4.channel.k8s.io');
      expect.equal('switches', httpStatus, 101, 'the HTTP status of the answer');
      expect.equal('upgrade', headers['upgrade'], 'SPDY/3.1', 'the header Upgrade');
      expect.equal('protocol', headers['x-stream-protocol-version'], 'v4.channel.k8s.io', 'the protocol chosen');
    }),
  }),

  defineCase({
    id: 'exec-stream/no-streams',
    title: 'refuses an Exec that asks for none of stdin, stdout and stderr with InvalidArgument',
    level: 'specified',
    rpcs: ['Exec'],
    basis: [{ kind: 'proto', text: 'ExecRequest: one of stdin, stdout and stderr must be true' }],
    async run({ given, cri, expect }) {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const call = cri.runtime.exec({ containerId, cmd: ['true'] });
      await expect.fails('refused', withoutToken(call), 'Exec without any stream', ['InvalidArgument']);
    },
  }),

  defineCase({
    id: 'exec-stream/tty-with-stderr',
    title: 'refuses an Exec that asks for a terminal and for stderr with InvalidArgument',
    level: 'specified',
    rpcs: ['Exec'],
    basis: [{ kind: 'proto', text: 'ExecRequest.stderr: must be false when tty is true' }],
    async run({ given, cri, expect }) {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const call = cri.runtime.exec({ containerId, cmd: ['true'], tty: true, ...output });
      await expect.fails('refused', withoutToken(call), 'Exec with tty and stderr', ['InvalidArgument']);
    },
  }),

  defineCase({
    id: 'exec-stream/unknown-id',
    title: 'answers Exec in a container that it does not know with NotFound',
    level: 'specified',
    rpcs: ['Exec'],
    basis: [{ kind: 'kubelet', text: 'the CRI’s own error helpers know a missing object by the code NotFound alone' }],
    async run({ cri, expect }) {
      const call = cri.runtime.exec({ containerId: nobody, cmd: ['true'], ...output });
      await expect.fails('not-found', withoutToken(call), 'Exec in an unknown container', ['NotFound']);
    },
  }),

  defineCase({
    id: 'exec-stream/not-running',
    title: 'refuses to stream a command in a container that has exited',
    level: 'required',
    rpcs: ['Exec'],
    basis: [
      { kind: 'proto', text: 'Exec prepares an endpoint to execute a command in a container that runs' },
      { kind: 'kubelet', text: 'kubectl exec must not succeed where nothing ran' },
    ],
    needs,
    run: withStreams(async ({ given, cri, expect, observe }, streams) => {
      const pod = await given.sharedPodSandbox();
      const created = await given.container(pod);
      const { container: exited } = await given.exitedContainer(pod, { command: ['true'] });
      const request = { cmd: ['true'], ...output };
      const tried = await streams.tryProcess(cri.runtime.exec({ containerId: exited.id, ...request }));
      const told = 'refused' in tried ? tried : await streams.ended(tried.opened);
      const isTold = 'refused' in told || told.kind === 'failure' || told.kind === 'exit-code';
      expect.that('told', isTold, 'somebody tells that the command did not run', {
        expected: 'a refusal, or an end that is not success',
        actual: told,
      });
      observe('exec-stream.not-running', {
        exited: 'refused' in told ? (told.refused === 'call' ? told.code : told.httpStatus) : told.kind,
        created: await codeOfCall(cri.runtime.exec({ containerId: created.id, ...request })),
      });
    }),
  }),
];
