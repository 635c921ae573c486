import { ContainerEventType } from '../../src/cri/messages.ts';
import type { ContainerEventResponse } from '../../src/cri/messages.ts';
import type { CaseContext } from '../../src/kit/case.ts';
import type { PodSandbox } from '../../src/kit/given.ts';
import type { Lock } from '../../src/model/case.ts';
import { messageOf } from '../../src/model/error.ts';

/* Listening to GetContainerEvents while other things are done. */

/** One queue may be split between all who listen (containerd 1.7). */
export const eventLocks: Lock[] = [{ scope: 'target', resource: 'events' }];
export const eventNeeds = ['rpc:GetContainerEvents'];

/** One subscriber: what has come to it so far, about anything. */
export interface Listener {
  readonly events: readonly ContainerEventResponse[];
}

interface OpenListener extends Listener {
  readonly stop: () => void;
  /** Why nothing more comes, once that is so. */
  readonly end: string | undefined;
}

/** How long an event may take on a busy machine; nothing says how soon it comes. */
const arrivalMs = 10_000;

/**
 * Listens with so many subscribers while `body` runs. When that begins, each of them has been seen to receive: a runtime answers
 * nothing when it takes up a subscriber, so a pod sandbox and a container are made until each has heard of one of them.
 * @param body is given that pod sandbox as well
 */
export async function whileListening(
  context: CaseContext,
  count: number,
  body: (listeners: readonly [Listener, ...Listener[]], pod: PodSandbox) => Promise<void>,
): Promise<void> {
  const [first, ...others] = [open(context), ...Array.from({ length: count - 1 }, () => open(context))] as const;
  const all = [first, ...others];
  try {
    const { given, expect } = context;
    const pod = await given.podSandbox();
    const { id } = await given.container(pod);
    await expect.eventually(
      'subscribed',
      () => Promise.resolve(all.map((one) => eventsAbout(one, pod.id, id).length > 0)),
      (received) => received.every(Boolean),
      'each subscriber hears of a pod sandbox or container that was made',
      {
        expected: 'an event for each',
        withinMs: arrivalMs,
        actual: (received) => ({ received, ended: all.map(({ end }) => end ?? 'no') }),
      },
    );
    await body([first, ...others], pod);
  } finally {
    for (const { stop } of all) stop();
  }
}

function open({ cri }: Pick<CaseContext, 'cri'>): OpenListener {
  const stopped = new AbortController();
  const events: ContainerEventResponse[] = [];
  let end: string | undefined;
  const stream = cri.runtime.getContainerEvents({}, { signal: stopped.signal });
  void (async () => {
    try {
      for await (const event of stream) events.push(event);
      end = 'by the runtime, without an error';
    } catch (error) {
      end = messageOf(error);
    }
  })();
  return {
    events,
    stop: () => {
      stopped.abort();
    },
    get end() {
      return end;
    },
  };
}

export function eventsAbout({ events }: Listener, ...ids: readonly string[]): readonly ContainerEventResponse[] {
  return events.filter(({ containerId }) => ids.includes(containerId));
}

/** The events about one object until it was deleted; whether all of them came is for the caller to see. */
export async function eventsUntil(
  { expect }: Pick<CaseContext, 'expect'>,
  listener: Listener,
  id: string,
  type: ContainerEventType,
  key = 'arrives',
): Promise<readonly ContainerEventResponse[]> {
  return expect.eventually(
    key,
    () => Promise.resolve(eventsAbout(listener, id)),
    (events) => events.some(({ containerEventType }) => containerEventType === type),
    `the event that something was ${wordOf(type)} arrives`,
    { expected: ContainerEventType[type], withinMs: arrivalMs, actual: wordsOf },
  );
}

/** created, started, stopped, deleted: what events tell, one after the other; the same told again at once is one. */
export function wordsOf(events: readonly ContainerEventResponse[]): readonly string[] {
  return events
    .map(({ containerEventType }) => wordOf(containerEventType))
    .filter((word, place, words) => word !== words[place - 1]);
}

function wordOf(type: ContainerEventType): string {
  return /^CONTAINER_(\w+)_EVENT$/.exec(ContainerEventType[type])?.[1]?.toLowerCase() ?? String(type);
}
