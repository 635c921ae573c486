import { createServer } from 'node:net';
import { NamespaceMode } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { PodSandbox } from '../../src/kit/given.ts';
import type { OpenPort } from '../../src/kit/open-stream.ts';
import { digestOf } from '../../src/kit/received.ts';
import { withStreams } from '../../src/kit/streams.ts';
import { nobody } from './ask.ts';
import { expectMatch, expectReceived, lines, mebibyte, oddBytes, withoutIds, withoutToken } from './streamed.ts';

const needs = ['streams'];
/** Nobody listens there. */
const closedPort = 9;

export const cases = [
  defineCase({
    id: 'port-forward/bytes',
    revision: 2,
    title: 'carries bytes to a port of a pod and back, as they are',
    level: 'required',
    rpcs: ['PortForward'],
    basis: [
      { kind: 'proto', text: 'PortForwardRequest.port: to be forwarded' },
      { kind: 'kubelet', text: 'kubectl port-forward' },
    ],
    needs,
    run: withStreams(async (context, streams) => {
      const pod = await listeningPod(context, { 8080: 'cat' });
      const forward = await streams.portForward(pod.id, [8080]);
      const echo = portOf(forward, 8080);
      await echo.send(oddBytes);
      await expectReceived(context, echo.fromPod, oddBytes.toString('latin1'), 'what comes back from an echo');
      const another = portOf(await streams.portForward(pod.id, [8080]), 8080);
      await another.send('again');
      await expectReceived(context, another.fromPod, 'again', 'what comes back to another client', 'another');
    }),
  }),

  defineCase({
    id: 'port-forward/loopback',
    title: 'reaches a server that listens on the loopback of its pod alone',
    level: 'required',
    rpcs: ['PortForward'],
    basis: [{ kind: 'kubelet', text: 'kubectl port-forward reaches what the pod’s own containers reach by localhost' }],
    needs,
    critest: ['ST-4#answer'],
    run: withStreams(async (context, streams) => {
      const { given } = context;
      const pod = await given.podSandbox();
      const serve = 'echo hello > /tmp/greeting; httpd -p 127.0.0.1:8081 -h /tmp';
      await given.readyContainer(pod, `${serve}; ${untilListening(8081)}`);
      const forward = await streams.portForward(pod.id, [8081]);
      const server = portOf(forward, 8081);
      await server.send('GET /greeting HTTP/1.0\r\n\r\n');
      const answer = /^HTTP\/1\.\d 200 OK\r\n.*\r\n\r\nhello\n$/s;
      await expectMatch(context, server.fromPod, answer, 'the answer of a web server', 'answer');
    }),
  }),

  defineCase({
    id: 'port-forward/several-ports',
    title: 'carries several ports in one stream, each to its own listener',
    level: 'required',
    rpcs: ['PortForward'],
    basis: [{ kind: 'proto', text: 'PortForwardRequest.port is a list' }],
    needs,
    run: withStreams(async (context, streams) => {
      const pod = await listeningPod(context, { 8080: answeringAs('a'), 8081: answeringAs('b') });
      const forward = await streams.portForward(pod.id, [8081, 8080]);
      const [a, b] = [portOf(forward, 8080), portOf(forward, 8081)];
      await a.send('one\n');
      await b.send('two\n');
      await expectReceived(context, a.fromPod, 'a:one\n', 'what port 8080 answers', 'first');
      await expectReceived(context, b.fromPod, 'b:two\n', 'what port 8081 answers', 'second');
    }),
  }),

  defineCase({
    id: 'port-forward/closed-port',
    title: 'tells that nobody listens on a port, and leaves the others alone',
    level: 'required',
    rpcs: ['PortForward'],
    basis: [{ kind: 'kubelet', text: 'each port has an error channel, which kubectl port-forward prints' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { expect, observe } = context;
      const pod = await listeningPod(context, { 8080: 'cat' });
      const forward = await streams.portForward(pod.id, [closedPort, 8080]);
      const [closed, echo] = [portOf(forward, closedPort), portOf(forward, 8080)];
      const error = await expectMatch(context, closed.error, /\S/, 'the error channel of the closed port', 'error');
      expect.equal('no-data', closed.fromPod.text, '', 'what came from the closed port');
      await echo.send('still there');
      await expectReceived(context, echo.fromPod, 'still there', 'what the other port answers', 'others');
      expect.equal('no-error', echo.error.text, '', 'the error channel of the other port');
      observe('port-forward.closed-port', withoutIds(error));
    }),
  }),

  defineCase({
    id: 'port-forward/large',
    title: 'carries 4 MiB to a port of a pod and back whole',
    level: 'required',
    rpcs: ['PortForward'],
    basis: [{ kind: 'kubelet', text: 'kubectl port-forward carries whatever the ends have to say' }],
    needs,
    run: withStreams(async (context, streams) => {
      const { expect } = context;
      const pod = await listeningPod(context, { 8080: 'cat' });
      const forward = await streams.portForward(pod.id, [8080]);
      const bytes = lines(4 * mebibyte);
      const echo = portOf(forward, 8080);
      await echo.send(bytes);
      await expect.eventually(
        'size',
        () => Promise.resolve(echo.fromPod.sizeBytes),
        (sizeBytes) => sizeBytes >= bytes.length,
        'all bytes come back',
        { expected: bytes.length, withinMs: 10_000 },
      );
      expect.equal('content', echo.fromPod.digest, digestOf(bytes), 'size and hash of what comes back');
    }),
  }),

  defineCase({
    id: 'port-forward/host-network',
    title: 'reaches a port of a pod that shares the network of its host',
    level: 'required',
    rpcs: ['PortForward', 'RunPodSandbox'],
    basis: [
      {
        kind: 'proto',
        text: 'NamespaceOption.network NODE: the pod has the host’s network, and PortForward that of the pod',
      },
    ],
    needs,
    critest: ['ST-5#answer'],
    run: withStreams(async (context, streams) => {
      const { given } = context;
      const pod = await given.podSandbox({
        // What shares its host's network has its hostname; runc refuses another one.
        hostname: '',
        linux: { securityContext: { namespaceOptions: { network: NamespaceMode.NODE } } },
      });
      const port = await freePort();
      await given.readyContainer(pod, `httpd -p 127.0.0.1:${String(port)} -h /tmp; ${untilListening(port)}`);
      const server = portOf(await streams.portForward(pod.id, [port]), port);
      await server.send('GET /nothing HTTP/1.0\r\n\r\n', 'request-taken');
      await expectMatch(context, server.fromPod, /^HTTP\/1\.\d 404 /, 'the answer of a web server', 'answer');
    }),
  }),

  defineCase({
    id: 'port-forward/spdy-handshake',
    title: 'takes up SPDY/3.1 with portforward.k8s.io for a PortForward',
    level: 'required',
    rpcs: ['PortForward'],
    basis: [{ kind: 'kubelet', text: 'kubectl before 1.31 asks for SPDY, and the kubelet passes the request on' }],
    needs,
    run: withStreams(async ({ given, cri, expect }, streams) => {
      const { id: podSandboxId } = await given.podSandbox();
      const call = cri.runtime.portForward({ podSandboxId, port: [8080] });
      const { url } = await expect.succeeds('port-forward', call, 'PortForward to a ready sandbox');
      const { httpStatus, headers } = await streams.spdy(url, 'portforward.k8s.io');
      expect.equal('switches', httpStatus, 101, 'the HTTP status of the answer');
      expect.equal('protocol', headers['x-stream-protocol-version'], 'portforward.k8s.io', 'the protocol chosen');
    }),
  }),

  defineCase({
    id: 'port-forward/unknown-id',
    title: 'answers PortForward to a pod sandbox that it does not know with NotFound',
    level: 'specified',
    rpcs: ['PortForward'],
    basis: [{ kind: 'kubelet', text: 'the CRI’s own error helpers know a missing object by the code NotFound alone' }],
    async run({ cri, expect }) {
      const call = cri.runtime.portForward({ podSandboxId: nobody, port: [8080] });
      await expect.fails('not-found', withoutToken(call), 'PortForward to an unknown sandbox', ['NotFound']);
    },
  }),

  defineCase({
    id: 'port-forward/stopped-sandbox',
    title: 'refuses to forward a port of a pod sandbox that is stopped',
    level: 'required',
    rpcs: ['PortForward'],
    basis: [{ kind: 'proto', text: 'PortForward prepares an endpoint to forward ports from a pod sandbox that runs' }],
    needs,
    run: withStreams(async ({ given, cri, expect, observe }, streams) => {
      const pod = await given.podSandbox();
      await given.stop(pod);
      const tried = await streams.tryPorts(cri.runtime.portForward({ podSandboxId: pod.id, port: [8080] }), [8080]);
      if ('opened' in tried) {
        const { error } = portOf(tried.opened, 8080);
        await expectMatch({ expect }, error, /\S/, 'the error channel of a port of a stopped sandbox', 'refused');
        observe('port-forward.stopped-sandbox', 'by the error channel');
      } else {
        observe('port-forward.stopped-sandbox', tried.refused === 'call' ? tried.code : tried.httpStatus);
      }
    }),
  }),
];

/** A pod with a program behind each port, for every connection a process of its own. */
async function listeningPod({ given }: CaseContext, programs: Readonly<Record<number, string>>): Promise<PodSandbox> {
  const pod = await given.podSandbox();
  const listeners = Object.entries(programs).map(([port, program]) => `nc -ll -p ${port} -e ${program} &`);
  const waits = Object.keys(programs).map((port) => untilListening(Number(port)));
  await given.readyContainer(pod, `${listeners.join(' ')} ${waits.join('; ')}`);
  return pod;
}

function answeringAs(name: string): string {
  return `sh -c 'while read line; do echo "${name}:$line"; done'`;
}

function untilListening(port: number): string {
  return `until netstat -tln | grep -q ':${String(port)} '; do sleep 0.02; done`;
}

function portOf({ ports }: { readonly ports: readonly OpenPort[] }, wanted: number): OpenPort {
  const found = ports.find(({ port }) => port === wanted);
  if (found === undefined) throw new RangeError(`port ${String(wanted)} was not asked for`);
  return found;
}

/** A port on which nobody listens here, and hardly anybody on another machine, should the runtime be there. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
  });
}
