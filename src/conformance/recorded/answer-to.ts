import { messageOf } from './conversation.ts';
import type { Conversation, Step } from './conversation.ts';
import { isObject } from './json.ts';
import { Session } from './session.ts';
import type { About } from './session.ts';

/** A recorded call, and what its answer depended on. */
export interface Recorded {
  readonly about: About;
  readonly step: Step;
}

/** A conversation gone through once: what each answer depended on, and what had been made in the end. */
export interface Memory {
  readonly recorded: readonly Recorded[];
  readonly session: Session;
}

export function recall({ steps }: Conversation): Memory {
  const session = new Session();
  const recorded = steps.map((step): Recorded => {
    const { rpc, request, answer } = step;
    const about = session.about(rpc, request);
    if (answer.kind === 'error') return { about, step };
    session.apply(rpc, request, messageOf(rpc, answer.response));
    // A status may be the first to tell that a container has ended: it belongs to what it tells of.
    return { about: rpc === 'ContainerStatus' ? session.about(rpc, request) : about, step };
  });
  return { recorded, session };
}

/**
 * The recorded call that was about the same: the same object in the same phase of its life, asked for the same. Where that was
 * not recorded, in this order:
 * - the status of a running container is that of the container once it has ended by itself;
 * - what says nothing of an object, an error or an empty answer, is the same for any other in that phase;
 * - a container may be removed in any phase;
 * - the entry of a container in a list by its id is that in a list of its sandbox.
 */
export function answerTo(all: readonly Recorded[], about: About): Step | undefined {
  const { rpc, id, phase, detail, verbose } = about;
  const alike = all.filter((one) => one.about.rpc === rpc && one.about.detail === detail);
  const own = (inPhase: string): readonly Recorded[] =>
    alike.filter((one) => one.about.id === id && one.about.phase === inPhase);
  const silent = alike.filter(({ step }) => saysNothing(step));
  const found = [
    own(phase),
    rpc === 'ContainerStatus' ? own(phase.replace(/^running/, 'exited')) : [],
    silent.filter((one) => one.about.phase === phase),
    rpc === 'RemoveContainer' && exists(phase) ? silent.filter((one) => exists(one.about.phase)) : [],
    rpc === 'ListContainers' && detail === 'id' ? all.filter((one) => isListOfSandbox(one.about)) : [],
  ].find(({ length }) => length > 0);
  // What verbose adds stands beside what is told without it.
  return (found?.find((one) => one.about.verbose === verbose) ?? found?.[0])?.step;
}

function saysNothing({ answer }: Step): boolean {
  return answer.kind === 'error' || (isObject(answer.response) && Object.keys(answer.response).length === 0);
}

function exists(phase: string): boolean {
  return phase !== 'unknown' && phase !== 'removed';
}

function isListOfSandbox({ rpc, detail }: About): boolean {
  return rpc === 'ListContainers' && detail === 'podSandboxId';
}
