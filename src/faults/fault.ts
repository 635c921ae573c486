import type { FaultDeclaration } from '../model/fault.ts';
import { UsageError } from '../model/error.ts';
import type { Break } from './break.ts';

/**
 * How to write a fault.
 *
 * A fault breaks exactly one promise, so that the case which asks for that promise is seen to fail. It is an entry in a list of
 * src/faults/table, by the area of the promise:
 *
 *     fault({
 *       name: 'exit-code-masked',
 *       breaks: 'the exit code of a container is the one its process ended with',
 *       kills: ['container/exit/killed'],
 *       how: answer('ContainerStatus', ({ status }) => {
 *         if (status) status.exitCode %= 128;
 *       }),
 *     }),
 *
 * - `breaks` states the promise, not the breakage. `kills` names the cases that are to fail, or `id#key` for one expectation.
 * - `how` is one break or several, which are put around the runtime in their order, the last one outermost. combinators.ts has one for
 *   each way to break a call; `around` (break.ts) is for all others. logs.ts rewrites the log records of containers, streams.ts what
 *   exec, attach and port-forward carry, host.ts leaks things on the host.
 * - What a fault has to remember between calls goes into a function, `how: () => {...}`: it is called once for each proxy. `rpcs` says then what it wraps, as it cannot be seen beforehand.
 * - The set-up of cases has to work: a fault that breaks it makes cases `errored` and proves nothing, and so does one that fails more than a
 *   tenth of all cases. Narrow it down to the requests that the case makes (an exit code, an id, a label that only it uses).
 * - What a fault makes of its own (a second container, a mount) goes to `context.afterwards`. Pod sandboxes that were made through the proxy
 *   are removed behind its back anyway.
 * - `provenOn: 'simulator'` is for promises that the runtime of the proof lacks (containerd 1.6: Stream* lists, events, metrics).
 * - Try it: `crible conformance 'fault:NAME@sim:' --select CASE`, or `@lab:containerd` where processes, mounts or namespaces are concerned.
 */
export interface Fault extends FaultDeclaration {
  /**
   * Understands the arguments.
   * @throws UsageError on arguments that make no sense
   */
  readonly prepare: (args: readonly string[]) => Breaks;
}

/** What a fault does, for one proxy or anew for each. */
export type Breaks = Break | readonly Break[] | (() => Break | readonly Break[]);

interface Source {
  readonly name: string;
  readonly breaks: string;
  readonly kills: readonly string[];
  readonly provenOn?: FaultDeclaration['provenOn'];
  /** Why it is chosen by hand, when it need not be the only killer of an expectation. */
  readonly reason?: string;
}
type PlainSource = Source & { readonly how: Break | readonly Break[] };
type LazySource = Source & { readonly rpcs: FaultDeclaration['rpcs']; readonly how: () => Break | readonly Break[] };

/** A fault without arguments. */
export function fault(source: PlainSource | LazySource): Fault {
  const { name, breaks, kills, provenOn = 'runtime', reason, how } = source;
  const rpcs = 'rpcs' in source ? source.rpcs : rpcsOf(source.how);
  const prepare = (args: readonly string[]): Breaks => {
    if (args.length > 0)
      throw new UsageError(`the fault ${name} takes no arguments`, `write it as fault:${name}@TARGET`);
    return how;
  };
  return {
    ...{ name, rpcs, breaks, kills, provenOn, parameters: [], prepare },
    ...(reason === undefined ? {} : { reason }),
  };
}

type ArgumentsSource = Source & {
  /** What its arguments mean, in order. */
  readonly parameters: readonly string[];
  /** @throws UsageError when the arguments make no sense */
  readonly how: (args: readonly string[]) => Breaks;
};

/** A fault whose arguments say what it wraps. */
export function faultWith({ provenOn = 'runtime', how, ...source }: ArgumentsSource): Fault {
  const { name, parameters } = source;
  return {
    ...source,
    provenOn,
    rpcs: ['*'],
    prepare: (args) => {
      try {
        return how(args);
      } catch (error) {
        if (!(error instanceof ArgumentError)) throw error;
        const usage = `fault:${name}(${parameters.join(',')})@TARGET`;
        throw new UsageError(`the fault ${name}: ${error.message}`, `write it as ${usage}`, { cause: error });
      }
    },
  };
}

/** What is wrong with the arguments of a fault. */
export class ArgumentError extends Error {}

/** The breaks of a fault for one proxy. */
export function breaksOf(breaks: Breaks): readonly Break[] {
  const own = typeof breaks === 'function' ? breaks() : breaks;
  return 'wrap' in own ? [own] : own;
}

function rpcsOf(how: Break | readonly Break[]): readonly string[] {
  return [...new Set(breaksOf(how).flatMap(({ rpcs }) => rpcs))];
}
