import { StatusError } from '../cri/handler.ts';
import { ContainerEventType, create, LinuxContainerResourcesSchema } from '../cri/messages.ts';
import type { ContainerConfig, ContainerMetadata, LinuxContainerResources } from '../cri/messages.ts';
import { messageOf } from '../model/error.ts';
import { nowNs } from './clock.ts';
import { updatedResources } from './container-resources.ts';
import type { ContainerSpecification } from './container-specification.ts';
import { ContainerStreams } from './container-streams.ts';
import { endsWithin } from './ends-within.ts';
import { execute } from './exec.ts';
import type { ExecResult } from './exec.ts';
import { LogFile } from './log-file.ts';
import { newId } from './object-id.ts';
import type { PodSandbox } from './pod-sandboxes.ts';
import { Processes } from './process.ts';
import type { OutputSinks } from './process.ts';
import { CommandNotFoundError, parseProgram } from './program.ts';
import type { Program } from './program.ts';
import type { Session } from './session.ts';
import { SIGKILL } from './signal-number.ts';
import { StandardStreams } from './standard-streams.ts';

/** Where a container is in its life: created, running, exited, in this order and never back. */
export type ContainerPhase =
  | { readonly state: 'created' }
  | { readonly state: 'running'; readonly startedAtNs: bigint }
  | {
      readonly state: 'exited';
      /** Undefined when it could not be started. */
      readonly startedAtNs: bigint | undefined;
      readonly finishedAtNs: bigint;
      readonly exitCode: number;
      readonly reason: 'Completed' | 'Error' | 'StartError';
      readonly message: string;
    };

/** What a container keeps of its image, which may be removed before it. */
export interface ContainerImage {
  readonly id: string;
  /** A name that people know it by. */
  readonly name: string;
  /** By digest, where the image has one. */
  readonly reference: string;
}

/** What is told of a container when its phase changes. */
export type ContainerListener = (container: Container, event: ContainerEventType) => void;

/** OCI runtimes report a process that could not be started with 128. */
const startErrorExitCode = 128;

/** One container of a pod sandbox. */
export class Container {
  readonly id = newId();
  readonly createdAtNs = nowNs();
  readonly podSandbox: PodSandbox;
  readonly metadata: ContainerMetadata;
  readonly config: ContainerConfig;
  readonly specification: ContainerSpecification;
  readonly image: ContainerImage;
  readonly processes: Processes;
  readonly #announce: ContainerListener;
  #phase: ContainerPhase = { state: 'created' };
  #resources: LinuxContainerResources;
  #streams: ContainerStreams | undefined;
  #mainPid = 0;
  #ended: Promise<number> = Promise.resolve(0);

  constructor(
    podSandbox: PodSandbox,
    metadata: ContainerMetadata,
    config: ContainerConfig,
    specification: ContainerSpecification,
    image: ContainerImage,
    announce: ContainerListener,
  ) {
    this.podSandbox = podSandbox;
    this.metadata = metadata;
    this.config = config;
    this.specification = specification;
    this.image = image;
    this.processes = new Processes(specification.surroundings, specification.ownPidNamespace, podSandbox.activity);
    this.#resources = config.linux?.resources ?? create(LinuxContainerResourcesSchema);
    this.#announce = announce;
  }

  get phase(): ContainerPhase {
    return this.#phase;
  }

  get resources(): LinuxContainerResources {
    return this.#resources;
  }

  /**
   * Runs the container's program. One that cannot be started leaves an exited container behind, with StartError.
   * @throws StatusError FailedPrecondition unless the container is created and its sandbox ready; Unknown when there is no
   * such program or the log cannot be written.
   */
  start(): void {
    if (this.#phase.state !== 'created') throw this.#wrongState('started');
    if (this.podSandbox.state !== 'ready') {
      throw new StatusError('FailedPrecondition', `pod sandbox ${this.podSandbox.id} is not ready`);
    }
    const { argv, logPath } = this.specification;
    try {
      const program = parseProgram(argv);
      const streams = new ContainerStreams(this.config, logPath === '' ? undefined : new LogFile(logPath));
      this.#streams = streams;
      const startedAtNs = nowNs();
      const { pid, exited } = this.processes.start(program, streams.standard.forProcess);
      this.#mainPid = pid;
      this.#phase = { state: 'running', startedAtNs };
      this.podSandbox.activity.startCount += 1;
      this.#announce(this, ContainerEventType.CONTAINER_STARTED_EVENT);
      this.#ended = exited.then((exitCode) => this.#finish(startedAtNs, exitCode));
    } catch (error) {
      this.#phase = {
        state: 'exited',
        startedAtNs: undefined,
        finishedAtNs: nowNs(),
        exitCode: startErrorExitCode,
        reason: 'StartError',
        message: messageOf(error),
      };
      this.#announce(this, ContainerEventType.CONTAINER_STOPPED_EVENT);
      throw new StatusError('Unknown', `failed to start container ${this.id}: ${messageOf(error)}`);
    }
  }

  /**
   * Sends the stop signal, and KILL once the grace period is over; 0 kills at once. Nothing happens to a container that
   * does not run. Several stops at a time are several grace periods, of which the shortest counts.
   * @throws what `signal` is aborted with, when the caller stops waiting.
   */
  async stop(graceMs: number, signal: AbortSignal): Promise<void> {
    if (this.#phase.state !== 'running') return;
    if (graceMs <= 0) {
      await this.kill();
      return;
    }
    this.processes.signal(this.#mainPid, this.specification.stopSignal);
    await endsWithin(this.#ended, graceMs, signal);
    await this.kill();
  }

  /** Kills the container if it runs, and waits until it is exited. */
  async kill(): Promise<void> {
    if (this.#phase.state === 'running') this.processes.signal(this.#mainPid, SIGKILL);
    await this.#ended;
  }

  /**
   * Runs a command in the container to its end.
   * @throws StatusError FailedPrecondition unless the container runs, InvalidArgument without a command, Unknown when
   * there is no such program, DeadlineExceeded after `timeoutMs` (0: never).
   */
  async exec(argv: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<ExecResult> {
    return execute(this.processes, this.#executable(argv), timeoutMs, signal);
  }

  /** Runs a command in the container with somebody at its standard streams. @throws StatusError as exec does. */
  openExec(
    argv: readonly string[],
    terms: { readonly stdin: boolean; readonly tty: boolean },
    sinks: OutputSinks,
  ): Session {
    const standard = new StandardStreams(terms, sinks);
    const { exited } = this.processes.start(this.#executable(argv), standard.forProcess);
    return standard.session(terms.stdin, exited);
  }

  /** Connects somebody to the container's own standard streams. @throws StatusError FailedPrecondition unless it runs. */
  attach(stdin: boolean, sinks: OutputSinks): Session {
    if (this.#phase.state !== 'running' || !this.#streams) throw this.#wrongState('attached to');
    // How it ended is the container's affair, and no failure of the connection.
    return this.#streams.attach(
      sinks,
      stdin,
      this.#ended.then(() => 0),
    );
  }

  /** @throws StatusError FailedPrecondition unless the container runs and has a log; Unknown when the file cannot be opened. */
  reopenLog(): void {
    this.requireRunning('given a new log');
    const log = this.#streams?.log;
    if (!log) throw new StatusError('FailedPrecondition', `container ${this.id} has no log`);
    log.reopen();
  }

  /**
   * Changes the limits that are given, all of them or none.
   * @throws StatusError FailedPrecondition when the container has exited, InvalidArgument as updatedResources does.
   */
  updateResources(change: LinuxContainerResources): void {
    if (this.#phase.state === 'exited') throw this.#wrongState('updated');
    this.#resources = updatedResources(this.#resources, change);
  }

  /** @throws StatusError FailedPrecondition, saying what cannot be done, unless the container runs. */
  requireRunning(verb: string): void {
    if (this.#phase.state !== 'running') throw this.#wrongState(verb);
  }

  async #finish(startedAtNs: bigint, exitCode: number): Promise<number> {
    // With its main process a container ends: what was executed in it is killed.
    await this.processes.killAll();
    this.#streams?.log?.close();
    this.#phase = {
      state: 'exited',
      startedAtNs,
      finishedAtNs: nowNs(),
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
      message: '',
    };
    this.#announce(this, ContainerEventType.CONTAINER_STOPPED_EVENT);
    return exitCode;
  }

  #executable(argv: readonly string[]): Program {
    this.requireRunning('executed in');
    if (argv.length === 0) throw new StatusError('InvalidArgument', 'cmd must not be empty');
    try {
      return parseProgram(argv);
    } catch (error) {
      if (error instanceof CommandNotFoundError)
        throw new StatusError('Unknown', `failed to execute: ${error.message}`);
      throw error;
    }
  }

  #wrongState(verb: string): StatusError {
    return new StatusError('FailedPrecondition', `container ${this.id} is ${this.#phase.state} and cannot be ${verb}`);
  }
}
