import { defineCase } from '../../src/kit/case.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { codeOfCall, nobody } from './ask.ts';
import { withoutToken } from './streamed.ts';

/* What Attach answers and refuses before anything goes through its stream. */

const needs = ['streams'];
const output = { stdout: true, stderr: true };

export const cases = [
  defineCase({
    id: 'attach/spdy-handshake',
    title: 'takes up SPDY/3.1 with v4.channel.k8s.io for an Attach',
    level: 'required',
    rpcs: ['Attach'],
    basis: [{ kind: 'kubelet', text: 'kubectl before 1.31 asks for SPDY, and the kubelet passes the request on' }],
    needs,
    run: withStreams(async ({ given, cri, expect }, streams) => {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const { url } = await expect.succeeds('attach', cri.runtime.attach({ containerId, ...output }), 'Attach');
      const { httpStatus, headers } = await streams.spdy(url, 'v4.channel.k8s.io');
      expect.equal('switches', httpStatus, 101, 'the HTTP status of the answer');
      expect.equal('protocol', headers['x-stream-protocol-version'], 'v4.channel.k8s.io', 'the protocol chosen');
    }),
  }),

  defineCase({
    id: 'attach/no-streams',
    title: 'refuses an Attach that asks for none of stdin, stdout and stderr with InvalidArgument',
    level: 'specified',
    rpcs: ['Attach'],
    basis: [{ kind: 'proto', text: 'AttachRequest: one of stdin, stdout and stderr must be true' }],
    async run({ given, cri, expect }) {
      const { id: containerId } = await given.startedContainer(await given.sharedPodSandbox());
      const call = cri.runtime.attach({ containerId });
      await expect.fails('refused', withoutToken(call), 'Attach without any stream', ['InvalidArgument']);
    },
  }),

  defineCase({
    id: 'attach/unknown-id',
    title: 'answers Attach to a container that it does not know with NotFound',
    level: 'specified',
    rpcs: ['Attach'],
    basis: [{ kind: 'kubelet', text: 'the CRI’s own error helpers know a missing object by the code NotFound alone' }],
    async run({ cri, expect }) {
      const call = cri.runtime.attach({ containerId: nobody, ...output });
      await expect.fails('not-found', withoutToken(call), 'Attach to an unknown container', ['NotFound']);
    },
  }),

  defineCase({
    id: 'attach/not-running',
    title: 'refuses to attach to a container that has exited',
    level: 'required',
    rpcs: ['Attach'],
    basis: [{ kind: 'proto', text: 'Attach prepares an endpoint to attach to a container that runs' }],
    needs,
    run: withStreams(async ({ given, cri, expect, observe }, streams) => {
      const pod = await given.sharedPodSandbox();
      const created = await given.container(pod);
      const { container: exited } = await given.exitedContainer(pod, { command: ['true'] });
      const tried = await streams.tryProcess(cri.runtime.attach({ containerId: exited.id, ...output }));
      const told = 'refused' in tried ? tried : await streams.ended(tried.opened);
      expect.that('told', 'refused' in told || told.kind === 'failure', 'somebody tells that nothing is attached to', {
        expected: 'a refusal, or an end that is a failure',
        actual: told,
      });
      observe('attach.not-running', {
        exited: 'refused' in told ? (told.refused === 'call' ? told.code : told.httpStatus) : told.kind,
        created: await codeOfCall(cri.runtime.attach({ containerId: created.id, ...output })),
      });
    }),
  }),
];
