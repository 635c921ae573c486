import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  ContainerState,
  ContainerStatusResponseSchema,
  CreateContainerRequestSchema,
  CreateContainerResponseSchema,
  ExecRequestSchema,
  ExecSyncRequestSchema,
  isMessage,
  RunPodSandboxRequestSchema,
  RunPodSandboxResponseSchema,
} from '../../cri/messages.ts';
import type { ContainerConfig, CreateContainerRequest, Message, PodSandboxConfig } from '../../cri/messages.ts';
import type { Requested } from './echo.ts';
import { commandText, imageKind, namedId, shapeOf, streamsText, subjectOf } from './subject.ts';
import type { Subject } from './subject.ts';

/** Where a pod sandbox or container is in its life, as far as the answers to calls tell. */
type Phase = 'ready' | 'stopped' | 'created' | 'stopped unstarted' | 'running' | 'exited' | 'removed';

interface Pod {
  readonly config: PodSandboxConfig;
  phase: Phase;
}
interface Container {
  readonly config: ContainerConfig;
  readonly pod: Pod;
  phase: Phase;
}

/** What calls that succeed make of a phase; of those that are not here they make nothing. */
const transitions: Readonly<Record<string, Partial<Record<Phase, Phase>>>> = {
  StopPodSandbox: { ready: 'stopped' },
  RemovePodSandbox: { ready: 'removed', stopped: 'removed' },
  // No runtime may start an exited container; where one answers that it did, it runs.
  StartContainer: { created: 'running', exited: 'running' },
  StopContainer: { created: 'stopped unstarted', running: 'exited' },
  RemoveContainer: { created: 'removed', 'stopped unstarted': 'removed', running: 'removed', exited: 'removed' },
};

/** What an answer depends on. */
export interface About {
  readonly rpc: string;
  /** The pod sandbox or container; undefined where the request names none, or none that is known. */
  readonly id: string | undefined;
  /** Where that is in its life, `unknown` of an id that is not known; empty where the request names none. */
  readonly phase: string;
  /** What else of the request counts. */
  readonly detail: string;
  readonly verbose: boolean;
}

/** What a client has made in a runtime, in a conversation that was recorded or in one that takes place. */
export class Session {
  readonly #pods = new Map<string, Pod>();
  readonly #containers = new Map<string, Container>();
  readonly #roles: readonly string[] | undefined;
  #image: 'not pulled' | 'pulled' = 'not pulled';

  /** @param roles names of the recorded containers that those are taken for which are created, in their order, `main` for any other; without roles each is itself */
  constructor(roles?: readonly string[]) {
    this.#roles = roles;
  }

  /** To be asked before the answer has changed anything. */
  about(rpc: string, request: Message): About {
    const subject = subjectOf(request);
    const id = namedId(subject);
    const made = this.#containers.get(id) ?? this.#pods.get(id);
    const phase = id === '' ? '' : made ? phaseText(made) : 'unknown';
    const detail = this.#detail(request, subject, phase);
    return { rpc, id: made && id, phase, detail, verbose: subject.verbose };
  }

  /** Takes note of what a call that succeeded has changed. */
  apply(rpc: string, request: Message, response: Message): void {
    if (isMessage(request, RunPodSandboxRequestSchema) && isMessage(response, RunPodSandboxResponseSchema)) {
      const { podSandboxId: id } = response;
      if (request.config && !this.has(id)) this.#pods.set(id, { config: request.config, phase: 'ready' });
      return;
    }
    const subject = subjectOf(request);
    if (isMessage(request, CreateContainerRequestSchema) && isMessage(response, CreateContainerResponseSchema)) {
      const { containerId: id } = response;
      const pod = this.#pods.get(subject.podSandboxId);
      if (request.config && pod && !this.has(id))
        this.#containers.set(id, { config: request.config, pod, phase: 'created' });
      return;
    }
    if (rpc === 'PullImage') this.#image = 'pulled';
    const made = this.#containers.get(subject.containerId) ?? this.#pods.get(subject.podSandboxId);
    if (made === undefined) return;
    made.phase = transitions[rpc]?.[made.phase] ?? made.phase;
    if (rpc === 'RemovePodSandbox') {
      for (const container of this.#containers.values()) if (container.pod === made) container.phase = 'removed';
    }
    const exited = ContainerState.CONTAINER_EXITED;
    if (isMessage(response, ContainerStatusResponseSchema) && response.status?.state === exited) made.phase = 'exited';
  }

  /** Whether there is or was such a pod sandbox or container. */
  has(id: string): boolean {
    return this.#pods.has(id) || this.#containers.has(id);
  }

  /** Whether a list that is asked for has this pod sandbox or container: one that exists, and that the filter means. */
  lists(id: string, request: Message): boolean {
    const made = this.#containers.get(id) ?? this.#pods.get(id);
    if (made === undefined || made.phase === 'removed') return false;
    const { filter } = subjectOf(request);
    const labels = Object.entries(filter?.labelSelector ?? {});
    return ['', id].includes(filter?.id ?? '') && labels.every(([key, value]) => made.config.labels[key] === value);
  }

  /** What answers repeat of the request by which one was made. */
  requested(id: string): Requested | undefined {
    const container = this.#containers.get(id);
    if (container) {
      const { config, pod } = container;
      const { name = '', attempt = 0 } = config.metadata ?? {};
      return { ...echoOf(config, { name, attempt }), logPath: join(pod.config.logDirectory, config.logPath) };
    }
    const config = this.#pods.get(id)?.config;
    if (config === undefined) return undefined;
    const { name = '', uid = '', namespace = '', attempt = 0 } = config.metadata ?? {};
    return { ...echoOf(config, { name, uid, namespace, attempt }), logPath: '' };
  }

  #detail(request: Message, { image, filter }: Subject, phase: string): string {
    if (image) return this.#imageText(image.image);
    if (filter) return shapeOf(filter);
    if (phase === 'unknown') return '';
    if (isMessage(request, RunPodSandboxRequestSchema)) {
      if (request.runtimeHandler !== '') return 'unknown handler';
      return isTaken(this.#pods, request.config?.metadata) ? 'again' : 'new';
    }
    if (isMessage(request, CreateContainerRequestSchema)) return this.#role(request);
    if (isMessage(request, ExecSyncRequestSchema)) return commandText(request.cmd);
    if (isMessage(request, ExecRequestSchema)) return streamsText(request);
    return '';
  }

  #imageText(name: string): string {
    const kind = imageKind(name);
    return kind === 'image' ? `${kind}, ${this.#image}` : kind;
  }

  /** Which of the recorded containers one is that is created. */
  #role({ podSandboxId, config }: CreateContainerRequest): string {
    const kind = imageKind(config?.image?.userSpecifiedImage ?? '');
    if (kind !== 'image') return kind;
    // Nothing that runs in it tells one from another.
    if (this.#pods.get(podSandboxId)?.phase === 'stopped') return 'new';
    if (isTaken(this.#containers, config?.metadata)) return 'again';
    return this.#roles ? (this.#roles[this.#containers.size] ?? 'main') : (config?.metadata?.name ?? '');
  }
}

function phaseText(made: Pod | Container): string {
  return 'pod' in made && made.pod.phase === 'stopped' ? `${made.phase} in a stopped sandbox` : made.phase;
}

function isTaken(all: ReadonlyMap<string, Pod | Container>, metadata: unknown): boolean {
  return [...all.values()].some(
    ({ config, phase }) => phase !== 'removed' && isDeepStrictEqual(config.metadata, metadata),
  );
}

function echoOf(
  { labels, annotations }: PodSandboxConfig | ContainerConfig,
  metadata: Requested['metadata'],
): Omit<Requested, 'logPath'> {
  return { metadata, labels, annotations };
}
