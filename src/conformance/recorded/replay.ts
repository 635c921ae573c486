import { writeFileSync } from 'node:fs';
import { StatusError } from '../../cri/handler.ts';
import type { Handlers, ServiceHandlers } from '../../cri/handler.ts';
import {
  create,
  CreateContainerResponseSchema,
  ExecSyncRequestSchema,
  ExecSyncResponseSchema,
  ImageService,
  isMessage,
  RunPodSandboxResponseSchema,
  RuntimeService,
} from '../../cri/messages.ts';
import type { Message } from '../../cri/messages.ts';
import type { ServiceLike } from '../../cri/service.ts';
import { answerTo, recall } from './answer-to.ts';
import type { Memory } from './answer-to.ts';
import { messageOf } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { echoed } from './echo.ts';
import type { Twice } from './echo.ts';
import { isObject } from './json.ts';
import type { Json } from './json.ts';
import { Session } from './session.ts';
import type { About } from './session.ts';

/** Where lists of pod sandboxes and containers have their entries. */
const entriesOf: Readonly<Record<string, string>> = {
  ListPodSandbox: 'items',
  ListContainers: 'containers',
  ListContainerStats: 'stats',
  ListPodSandboxStats: 'stats',
  ListPodSandboxMetrics: 'pod_metrics',
};

/**
 * A runtime that answers from a recorded conversation with a real one, for one case: ids are the recorded ones, answers are as they
 * were, but for what the runtime only repeated (echo.ts), and lists leave out what this client has not made. What the
 * conversation has no answer to is refused, and noted: a case that asks for it has not been judged by the recording.
 */
export class Replay {
  /** What was asked that the recording has no answer to. */
  readonly strays: string[] = [];
  readonly #log: readonly string[];
  readonly #memory: Memory;
  readonly #now: Session;

  /** @param roles names of the recorded containers that are created, in their order; `main` where none is named */
  constructor(conversation: Conversation, roles: readonly string[] = []) {
    this.#log = conversation.log;
    this.#memory = recall(conversation);
    this.#now = new Session(roles);
  }

  get handlers(): Handlers {
    return { runtime: this.#serving(RuntimeService), image: this.#serving(ImageService) };
  }

  #serving<S extends ServiceLike>(service: S): ServiceHandlers<S> {
    const unary = service.methods.filter(({ methodKind }) => methodKind === 'unary');
    const handlers = unary.map(({ name, localName }) => [
      localName,
      (request: Message) =>
        new Promise<Message>((resolve) => {
          resolve(this.#answer(name, request));
        }),
    ]);
    return Object.fromEntries(handlers) as ServiceHandlers<S>;
  }

  #answer(rpc: string, request: Message): Message {
    // So cases wait until a command has prepared itself, which is no question to the runtime.
    if (isMessage(request, ExecSyncRequestSchema) && request.cmd[0] === 'test') return create(ExecSyncResponseSchema);
    const about = this.#now.about(rpc, request);
    const answer = answerTo(this.#memory.recorded, about)?.answer;
    if (answer === undefined) throw this.#stray(about);
    if (answer.kind === 'error') throw new StatusError(answer.code, answer.message);
    const listed = this.#withoutOthers(rpc, request, answer.response);
    const message = messageOf(
      rpc,
      echoed(listed, (id) => this.#twice(id)),
    );
    if (about.detail !== 'again' && this.#now.has(createdId(message))) throw this.#stray(about);
    this.#now.apply(rpc, request, message);
    if (rpc === 'StartContainer') this.#writeLog(about);
    return message;
  }

  #stray({ rpc, id, phase, detail }: About): StatusError {
    const asked = [rpc, id?.slice(0, 12), phase, detail].filter(Boolean).join(', ');
    this.strays.push(asked);
    return new StatusError('Aborted', `the recording has no answer to this: ${asked}`);
  }

  #withoutOthers(rpc: string, request: Message, response: Json): Json {
    const field = entriesOf[rpc];
    if (field === undefined || !isObject(response)) return response;
    const entries = response[field];
    if (!Array.isArray(entries)) return response;
    return { ...response, [field]: entries.filter((entry) => this.#now.lists(subjectIdOf(entry), request)) };
  }

  #twice(id: string): Twice | undefined {
    const [recorded, now] = [this.#memory.session.requested(id), this.#now.requested(id)];
    return recorded && now && { recorded, now };
  }

  #writeLog({ id = '' }: About): void {
    const twice = this.#twice(id);
    if (twice?.recorded.metadata['name'] !== 'main' || this.#log.length === 0) return;
    writeFileSync(twice.now.logPath, this.#log.map((line) => `${line}\n`).join(''));
  }
}

/** The id of what a call has made; empty where it makes nothing. */
function createdId(answer: Message): string {
  if (isMessage(answer, RunPodSandboxResponseSchema)) return answer.podSandboxId;
  return isMessage(answer, CreateContainerResponseSchema) ? answer.containerId : '';
}

function subjectIdOf(entry: Json): string {
  if (!isObject(entry)) return '';
  const attributes = entry['attributes'];
  const id = isObject(attributes) ? attributes['id'] : (entry['id'] ?? entry['pod_sandbox_id']);
  return typeof id === 'string' ? id : '';
}
