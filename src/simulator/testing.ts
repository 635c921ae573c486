import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { connect } from '../cri/client.ts';
import type { CriClient } from '../cri/client.ts';
import { create, ContainerState, NamespaceMode, PodSandboxConfigSchema } from '../cri/messages.ts';
import type { ContainerConfigSchema, ContainerStatus, MessageInitShape, PodSandboxConfig } from '../cri/messages.ts';
import type { RemoteImage } from './registry.ts';
import { startSimulator } from './simulator.ts';

/** The only image that there is, whatever reference it is pulled by: a shell. */
export const shellImage: RemoteImage = {
  manifestDigest: `sha256:${'a'.repeat(64)}`,
  manifestSizeBytes: 100,
  configuration: { digest: `sha256:${'b'.repeat(64)}`, size: 200 },
  configurationText: '{}',
  config: { User: '', Env: ['PATH=/bin'], Entrypoint: [], Cmd: ['sh'], WorkingDir: '', StopSignal: '' },
  layers: [{ digest: `sha256:${'c'.repeat(64)}`, size: 700 }],
};
export const imageName = '127.0.0.1:1/shell:1';
/** Ends with 0 on TERM, at once. */
export const waitForTerm = ['sh', '-c', "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"];

/** A message in the making, without the whole message that MessageInitShape allows as well. */
type Init<T> = T extends { readonly $typeName: string } ? never : T;
type ContainerInit = Init<MessageInitShape<typeof ContainerConfigSchema>>;
type PodSandboxInit = Init<MessageInitShape<typeof PodSandboxConfigSchema>>;

/** A simulator with a client, for the tests of one file; both end with it. */
export class Subject {
  readonly cri: CriClient;
  readonly logDirectory: string;
  #count = 0;

  private constructor(cri: CriClient, logDirectory: string) {
    this.cri = cri;
    this.logDirectory = logDirectory;
  }

  static async start(): Promise<Subject> {
    const simulator = await startSimulator({ fetchImage: () => Promise.resolve(shellImage) });
    const cri = await connect(simulator.endpoint);
    const logDirectory = mkdtempSync(join(tmpdir(), 'crible-pod-logs-'));
    after(async () => {
      cri.close();
      await simulator.close();
      rmSync(logDirectory, { recursive: true });
    });
    await cri.image.pullImage({ image: { image: imageName } });
    return new Subject(cri, logDirectory);
  }

  podConfig(init: PodSandboxInit = {}): PodSandboxConfig {
    const metadata = { name: `pod-${String(this.#count++)}`, namespace: 'test', uid: 'uid' };
    return create(PodSandboxConfigSchema, { metadata, hostname: 'host', logDirectory: this.logDirectory, ...init });
  }

  async pod(init?: PodSandboxInit): Promise<string> {
    const { podSandboxId } = await this.cri.runtime.runPodSandbox({ config: this.podConfig(init) });
    return podSandboxId;
  }

  /** With a pid namespace of its own and, unless told otherwise, a name of its own and the command `waitForTerm`. */
  async container(podSandboxId: string, init: ContainerInit = {}): Promise<string> {
    const config = {
      metadata: { name: `container-${String(this.#count++)}` },
      image: { image: imageName },
      command: waitForTerm,
      linux: { securityContext: { namespaceOptions: { pid: NamespaceMode.CONTAINER } } },
      ...init,
    };
    const { containerId } = await this.cri.runtime.createContainer({ podSandboxId, config });
    return containerId;
  }

  async started(podSandboxId: string, init?: ContainerInit): Promise<string> {
    const containerId = await this.container(podSandboxId, init);
    await this.cri.runtime.startContainer({ containerId });
    return containerId;
  }

  async status(containerId: string): Promise<ContainerStatus> {
    const { status } = await this.cri.runtime.containerStatus({ containerId });
    if (!status) throw new Error('no status');
    return status;
  }

  /** The status of a container once its command has ended by itself. */
  async exited(containerId: string): Promise<ContainerStatus> {
    await until(async () => (await this.status(containerId)).state === ContainerState.CONTAINER_EXITED);
    return this.status(containerId);
  }
}

/** Waits for what will happen soon, and gives up after 5 s. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not happen within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** For assert.rejects: an error of the CRI with this code. */
export function withCode(code: string): { readonly name: string; readonly code: string } {
  return { name: 'CriError', code };
}
