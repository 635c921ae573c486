import { StatusError } from '../../cri/handler.ts';
import type { CriClient } from '../../cri/client.ts';
import type { CreateContainerRequest } from '../../cri/messages.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { after } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { streamed } from '../streams.ts';

/** What promises that a stream is not had. */
export const streamRefusalFaults: readonly Fault[] = [
  fault({
    name: 'exec-url-good-for-ever',
    breaks: 'the URL of an Exec is good for one stream',
    kills: ['exec-stream/single-use#second-refused'],
    rpcs: ['Exec'],
    how: () => {
      const spares = new Map<string, string>();
      const used = new Set<string>();
      return [
        after('Exec', async (asked, { url }, { client }) => {
          const spare = await client.runtime.exec(asked);
          spares.set(new URL(url).pathname, new URL(spare.url).pathname);
        }),
        streamed('Exec', () => ({
          request: (head) => {
            const [method = '', path = '', version = ''] = head.line.split(' ');
            if (used.has(path)) head.line = `${method} ${spares.get(path) ?? path} ${version}`;
            used.add(path);
          },
        })),
      ];
    },
  }),
  fault({
    name: 'exec-in-exited-container-runs-elsewhere',
    breaks: 'a stream of Exec tells that its container has exited',
    kills: ['exec-stream/not-running#told'],
    rpcs: ['CreateContainer', 'Exec'],
    how: () => elsewhere('Exec', 'sleep 60'),
  }),
  fault({
    name: 'attach-to-exited-container-leads-elsewhere',
    breaks: 'an Attach to a container that has exited is refused',
    kills: ['attach/not-running#told'],
    rpcs: ['CreateContainer', 'Attach'],
    how: () => elsewhere('Attach', 'sleep 2'),
  }),
];

/** Where a container does not run, uses another one that is made for it, and goes with its sandbox. */
function elsewhere(rpc: 'Exec' | 'Attach', script: string): readonly Break[] {
  const made = new Map<string, CreateContainerRequest>();
  return [
    after('CreateContainer', (asked, { containerId }) => void made.set(containerId, asked)),
    around(rpc, (next, { client }) => async (asked, call) => {
      try {
        return await next(asked, call);
      } catch (error) {
        const like = made.get(asked.containerId);
        if (like === undefined) throw error;
        asked.containerId = await runAnother(client, like, script);
        return next(asked, call);
      }
    }),
  ];
}

async function runAnother(client: CriClient, like: CreateContainerRequest, script: string): Promise<string> {
  const { config } = like;
  if (config?.metadata === undefined) throw new StatusError('Internal', 'the container has no metadata');
  const metadata = { ...config.metadata, attempt: config.metadata.attempt + 1000 };
  const another = { ...config, metadata, command: ['sh', '-c', script], args: [] };
  const { containerId } = await client.runtime.createContainer({ ...like, config: another });
  await client.runtime.startContainer({ containerId });
  return containerId;
}
