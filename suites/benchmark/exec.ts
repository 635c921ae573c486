import { Received } from '../../src/kit/received.ts';
import { defineWorkload, type Workload, type WorkloadContext } from '../../src/kit/workload.ts';
import { openProcessStream } from '../../src/streaming/process-stream.ts';
import { StreamUrl } from '../../src/streaming/stream-url.ts';
import { times } from './steps/times.ts';

/** An idle container to run commands in. */
async function idleContainer({ given }: WorkloadContext): Promise<{ readonly containerId: string }> {
  const { id } = await given.readyContainer(await given.podSandbox(), ':');
  return { containerId: id };
}

const execSync = defineWorkload({
  id: 'exec-sync',
  title: 'A command in a running container',
  description:
    'Runs `true` by ExecSync in one idle container. Good for exec probes, of which a node runs several a second. The command does ' +
    'nothing, so its own time is not in it; the container is made beforehand and stays the same, so that what it has written or ' +
    'run does not differ.',
  operations: [{ name: 'ExecSync', description: 'until the exit code of the command is there' }],
  primary: 'ExecSync',
  profile: 'quick',
  iterations: times(3),
  prepare: idleContainer,
  iterate: async ({ call, signal }, { containerId }) => {
    const { exitCode } = await call('ExecSync', ({ runtime }) =>
      runtime.execSync({ containerId, cmd: ['true'], timeout: 20n }, { signal }),
    );
    if (exitCode !== 0) throw new Error(`true ended with exit code ${String(exitCode)}`);
  },
});

const said = 'said';

const execStream = defineWorkload({
  id: 'exec-stream',
  title: 'A command over a stream',
  description:
    'Runs `echo` by Exec in one idle container and reads its output over a WebSocket from the runtime’s streaming server, as ' +
    '`kubectl exec` does through the API server. Good for people who wait for a prompt. Compare Exec with exec-sync: the rest is ' +
    'the stream. The server is on this machine, so no network is in it, and a new connection is made each time.',
  operations: [
    { name: 'StreamedExec', description: 'from the call until the process has ended, its output and status read' },
    { name: 'Exec', description: 'until the URL of the stream is there' },
    { name: 'Stream', description: 'from the URL until the process has ended, the connection made and closed' },
  ],
  primary: 'StreamedExec',
  needs: ['streams'],
  iterations: times(2),
  prepare: idleContainer,
  iterate: async ({ cri, call, span, signal }, { containerId }) => {
    await span('StreamedExec', async () => {
      const { url } = await call('Exec', ({ runtime }) =>
        runtime.exec({ containerId, cmd: ['echo', said], stdout: true, stderr: true }, { signal }),
      );
      await span('Stream', async () => {
        const stream = await openProcessStream(StreamUrl.read(url, cri.endpoint), { signal });
        const stdout = new Received(stream.stdout);
        const stderr = new Received(stream.stderr);
        const end = await stream.ended;
        if (end.kind !== 'success' || stdout.text !== `${said}\n`) {
          throw new Error(`echo ended by ${JSON.stringify(end)} and said '${stdout.text}${stderr.text}'`);
        }
      });
    });
  },
});

export const workloads: readonly Workload[] = [execSync, execStream];
