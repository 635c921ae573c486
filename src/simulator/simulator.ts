import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ImageService, RuntimeService } from '../cri/messages.ts';
import { serve } from '../cri/server.ts';
import { Delays } from './delay/delays.ts';
import type { RpcDelay } from './delay/delays.ts';
import { imageService } from './image-service.ts';
import type { FetchImage } from './images.ts';
import { fetchFromRegistry } from './registry.ts';
import { runtimeService } from './runtime-service.ts';
import { Runtime } from './runtime.ts';
import { StreamingServer } from './streams/server.ts';

export interface SimulatorOptions {
  /** Where to listen; a socket in a temporary folder of its own unless given. */
  readonly socketPath?: string;
  /** Where images come from: registries on this machine unless given. */
  readonly fetchImage?: FetchImage;
  /** What some RPCs take, for checking those who measure it. All others take what they take. */
  readonly delays?: readonly RpcDelay[];
  /** Decides what a law of delay leaves to chance. */
  readonly seed?: number;
}

/**
 * A simulator that is served. It runs no processes, so what only a process could show (capabilities, mounts, namespaces, cgroups, networking)
 * it does not imitate: the probe finds it absent, and cases that need it skip here. Read on in pod-sandboxes.ts, container.ts and containers.ts for
 * the lifecycle that the CRI promises, runtime.ts for what holds them together and tells of it in events, the …-handlers.ts files for
 * which RPC is what; images.ts, log-file.ts, exec.ts, stats.ts, metrics.ts and checkpoint.ts for the rest, streams/ for exec, attach and
 * port-forward, program.ts and shell/ for what runs in a container, delay/ for answering as late as wanted.
 */
export interface Simulator {
  /** `unix:///…`, both services. */
  readonly endpoint: string;
  /** What the answered calls of an RPC with a law of delay really took, in ns, from receipt to answer, in the order of the answers. */
  delaysGiven(rpc: string): readonly number[];
  /** Ends every simulated process and the server, and removes the socket. */
  close(): Promise<void>;
}

/**
 * Serves a new, empty runtime from within this process.
 * @throws UsageError on a socket path that is too long or a delay of no unary RPC, Error when it cannot be listened on.
 */
export async function startSimulator({
  socketPath,
  fetchImage = fetchFromRegistry,
  delays: rpcDelays = [],
  seed = 0,
}: SimulatorOptions = {}): Promise<Simulator> {
  const delays = new Delays(rpcDelays, seed);
  const ownFolder = socketPath === undefined ? await mkdtemp(join(tmpdir(), 'crible-simulator-')) : undefined;
  const path = socketPath ?? join(ownFolder ?? '', 'cri.sock');
  const removeFolder = async (): Promise<void> => {
    if (ownFolder !== undefined) await rm(ownFolder, { recursive: true, force: true });
  };
  const runtime = new Runtime(fetchImage);
  const root = dirname(path);
  const streams = await StreamingServer.start();
  const handlers = {
    runtime: delays.delayed(RuntimeService, runtimeService(runtime, streams, root)),
    image: delays.delayed(ImageService, imageService(runtime, root)),
  };
  try {
    const server = await serve(`unix://${path}`, handlers);
    return {
      endpoint: server.endpoint,
      delaysGiven: (rpc) => delays.given(rpc),
      close: async () => {
        server.close();
        streams.close();
        await runtime.close();
        await removeFolder();
      },
    };
  } catch (error) {
    streams.close();
    await removeFolder();
    throw error;
  }
}
