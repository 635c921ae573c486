import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CriClient } from '../cri/client.ts';
import { ContainerState, type ContainerConfig, type ContainerStatus, type PodSandboxConfig } from '../cri/messages.ts';
import { cgroupLayout, makeCgroup } from './cgroup.ts';
import { containerConfig, type ContainerDeviation, type PulledImage } from './container-config.ts';
import { GivenImages } from './given-images.ts';
import { runFolder } from './home.ts';
import type { Ledger } from './ledger.ts';
import { isMadeByHand, podSandboxConfig, type PodSandboxDeviation } from './pod-sandbox-config.ts';
import { inSetup } from './setup.ts';
import { hasFeature, type TargetContext } from './target-context.ts';

export interface PodSandbox {
  readonly id: string;
  readonly config: PodSandboxConfig;
}

export interface Container {
  readonly id: string;
  readonly config: ContainerConfig;
  readonly pod: PodSandbox;
  /** Where its log is on the runtime's host. */
  readonly logPath: string;
}

/** How long a container of ours may take to reach a state that its command leads to by itself. */
const settleMs = 30_000;
const pollMs = 20;

/** Lends a pod sandbox that other cases have used and will use. */
type LendPodSandbox = () => Promise<PodSandbox>;

/**
 * What a case takes for granted before it asks: pod sandboxes, containers and images, made the kubelet's way.
 * Every object carries the run's labels. All methods throw SetupError.
 */
export class Given extends GivenImages {
  /** Names are used once in a process: the log of a name that was used before in a shared pod would be written on. */
  static #containers = 0;

  readonly #cri: CriClient;
  readonly #scope: string;
  readonly #signal: AbortSignal;
  readonly #lend: LendPodSandbox | undefined;
  #folders = 0;

  /**
   * @param ownImages names of images that the case declares to have to itself
   * @param lend where a shared pod comes from; without it every pod is the case's own
   */
  constructor(
    cri: CriClient,
    target: TargetContext,
    ledger: Ledger,
    scope: string,
    signal: AbortSignal,
    ownImages: readonly string[] = [],
    lend?: LendPodSandbox,
  ) {
    super(cri, target, ledger, scope, signal, ownImages);
    this.#cri = cri;
    this.#scope = scope;
    this.#signal = signal;
    this.#lend = lend;
  }

  /** The request for a pod sandbox, with its log directory and cgroup made as the kubelet makes them. */
  podSandboxConfig(deviation?: PodSandboxDeviation): PodSandboxConfig {
    const config = podSandboxConfig(this.target, this.#scope, deviation);
    if (hasFeature(this.target, 'host-files') && config.logDirectory !== '')
      mkdirSync(config.logDirectory, { recursive: true });
    const cgroup = config.linux?.cgroupParent ?? '';
    if (hasFeature(this.target, 'host-cgroups') && isMadeByHand(cgroup)) makeCgroup(cgroupLayout(), cgroup);
    return config;
  }

  /** The request for a container of `pod`: the shell image, doing nothing until it is told to stop, unless deviated from. */
  async containerConfig(
    pod: PodSandbox,
    deviation: ContainerDeviation = {},
    image?: PulledImage,
  ): Promise<ContainerConfig> {
    const name = `container-${String(Given.#containers++)}`;
    const config = containerConfig(pod.config, image ?? (await this.image('shell:1')), name, {
      command: waitForTerm,
      ...deviation,
    });
    if (hasFeature(this.target, 'host-files') && config.logPath !== '') {
      mkdirSync(dirname(join(pod.config.logDirectory, config.logPath)), { recursive: true });
    }
    return config;
  }

  /** A ready pod sandbox. */
  async podSandbox(deviation?: PodSandboxDeviation): Promise<PodSandbox> {
    return inSetup('run a pod sandbox', async () => {
      const config = this.podSandboxConfig(deviation);
      const { podSandboxId } = await this.#cri.runtime.runPodSandbox(
        { config, runtimeHandler: this.target.handler },
        { signal: this.#signal },
      );
      return { id: podSandboxId, config };
    });
  }

  /**
   * A ready pod sandbox for a case that asks about a container and neither changes its pod nor asks about the pod itself:
   * other cases have used it before and will use it. Of containers it has those alone that the case makes.
   */
  async sharedPodSandbox(): Promise<PodSandbox> {
    return this.#lend === undefined ? this.podSandbox() : this.#lend();
  }

  /** Stops a pod sandbox, where that is not the question. */
  async stop({ id }: PodSandbox): Promise<void> {
    await inSetup('stop the pod sandbox', () =>
      this.#cri.runtime.stopPodSandbox({ podSandboxId: id }, { signal: this.#signal }),
    );
  }

  /** A container that is created and not started. */
  async container(pod: PodSandbox, deviation?: ContainerDeviation, image?: PulledImage): Promise<Container> {
    return inSetup('create a container', async () => {
      const config = await this.containerConfig(pod, deviation, image);
      const { containerId } = await this.#cri.runtime.createContainer(
        { podSandboxId: pod.id, config, sandboxConfig: pod.config },
        { signal: this.#signal },
      );
      return { id: containerId, config, pod, logPath: join(pod.config.logDirectory, config.logPath) };
    });
  }

  /** A container whose StartContainer succeeded; its command may have ended since. */
  async startedContainer(pod: PodSandbox, deviation?: ContainerDeviation, image?: PulledImage): Promise<Container> {
    const container = await this.container(pod, deviation, image);
    await inSetup('start a container', () =>
      this.#cri.runtime.startContainer({ containerId: container.id }, { signal: this.#signal }),
    );
    return container;
  }

  /**
   * A running container whose command has run `preparation` (shell text: sets traps, writes files) and waits for signals now.
   * Whether it has is asked by ExecSync, for its log cannot be read everywhere.
   */
  async readyContainer(
    pod: PodSandbox,
    preparation: string,
    deviation?: ContainerDeviation,
    image?: PulledImage,
  ): Promise<Container> {
    const command = ['sh', '-c', `${preparation}; touch ${readyFile}; while :; do sleep 3600 & wait $!; done`];
    const container = await this.startedContainer(pod, { ...deviation, command }, image);
    await inSetup('wait for the container to be ready', () => this.#ready(container.id));
    return container;
  }

  /** A container whose command has ended by itself, and its last status. */
  async exitedContainer(
    pod: PodSandbox,
    deviation: ContainerDeviation & { readonly command: string[] },
    image?: PulledImage,
  ): Promise<{ readonly container: Container; readonly status: ContainerStatus }> {
    const container = await this.startedContainer(pod, deviation, image);
    const status = await inSetup('wait for the container to exit', () => this.#exit(container.id));
    return { container, status };
  }

  /** An empty folder on the runtime's host, for mounts; it goes with the run's files. Takes the feature host-files. */
  hostFolder(): string {
    const folder = join(runFolder(this.target.runId), 'volumes', this.#scope, String(this.#folders++));
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  #exit(containerId: string): Promise<ContainerStatus> {
    return this.#until('exited', async () => {
      const { status } = await this.#cri.runtime.containerStatus({ containerId }, { signal: this.#signal });
      return status?.state === ContainerState.CONTAINER_EXITED ? status : undefined;
    });
  }

  #ready(containerId: string): Promise<true> {
    return this.#until('ready', async () => {
      const { exitCode } = await this.#cri.runtime.execSync(
        { containerId, cmd: ['test', '-e', readyFile], timeout: 10n },
        { signal: this.#signal },
      );
      return exitCode === 0 ? true : undefined;
    });
  }

  async #until<T>(state: string, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + settleMs;
    for (;;) {
      this.#signal.throwIfAborted();
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() > deadline) throw new Error(`still not ${state} after ${String(settleMs)} ms`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

/** In the container, made by its command once it is prepared. */
const readyFile = '/tmp/ready';

/** Ends with exit code 0 on TERM at once: `sleep` as PID 1 would ignore the signal and every stop would last its whole grace period. */
export const waitForTerm: string[] = ['sh', '-c', "trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"];
