import { setTimeout as pause } from 'node:timers/promises';
import { closest } from '../../model/glob.ts';
import { absurd, absurdities, fieldPaths } from '../absurd.ts';
import { codeArgument, delayArgument, msArgument, requireCount, rpcsArgument, unaryRpcArgument } from '../arguments.ts';
import { bytes, delays, first, refuses } from '../combinators.ts';
import { ArgumentError, fault, faultWith } from '../fault.ts';
import type { Fault } from '../fault.ts';
import { rpcNames } from '../rpc.ts';

const forCrible = 'shows what crible itself makes of such a runtime';
/** Sooner than crible gives up on a runtime of its own, later than it asks again. */
const usualAbsenceMs = 500;
/** Every field of it has a wire type that protobuf does not have. */
const garbage = Buffer.from('ffffffffffffffff', 'hex');

/** What concerns a server as a whole. */
export const serverFaults: readonly Fault[] = [
  fault({
    name: 'none',
    breaks: 'nothing: every call is passed on',
    kills: [],
    reason: 'what fails through the proxy alone is no proof',
    how: [],
  }),
  faultWith({
    name: 'delay',
    breaks: 'an answer comes as soon as the runtime has it',
    parameters: ['RPC or *', '10% of the call, or 50ms'],
    ...{ kills: [], reason: 'a regression of a known size, for benchmarks to find' },
    how: (args) => {
      requireCount(args, 2);
      return delays(rpcsArgument(args[0]), delayArgument(args[1]));
    },
  }),
  faultWith({
    name: 'slow',
    breaks: 'the runtime answers promptly',
    parameters: ['how much later each answer comes, as 50ms'],
    ...{ kills: [], reason: forCrible },
    how: (args) => {
      requireCount(args, 1);
      return delays(rpcNames, { ms: msArgument(args[0]) });
    },
  }),
  faultWith({
    name: 'hang',
    breaks: 'a call is answered',
    parameters: ['RPC or *'],
    ...{ kills: [], reason: forCrible },
    how: (args) => {
      requireCount(args, 1);
      return first(rpcsArgument(args[0]), ({ signal }) => forever(signal));
    },
  }),
  faultWith({
    name: 'fail',
    breaks: 'a call that makes sense succeeds',
    parameters: ['RPC', 'code, as NotFound'],
    ...{ kills: [], reason: forCrible },
    how: (args) => {
      requireCount(args, 2);
      return refuses(unaryRpcArgument(args[0]), codeArgument(args[1]));
    },
  }),
  faultWith({
    name: 'garbage',
    breaks: 'an answer is a message of the CRI',
    parameters: ['RPC or *'],
    ...{ kills: [], reason: forCrible },
    how: (args) => {
      requireCount(args, 1);
      return bytes(rpcsArgument(args[0]), () => garbage);
    },
  }),
  faultWith({
    name: 'absurd',
    breaks: 'what is in a field of an answer makes sense',
    parameters: ['RPC', 'field, as status.createdAt', absurdities.join(', ')],
    ...{ kills: [], reason: forCrible },
    how: (args) => {
      requireCount(args, 3);
      const rpc = unaryRpcArgument(args[0]);
      const [, path = '', how] = args;
      if (!fieldPaths(rpc).includes(path))
        throw new ArgumentError(
          `the answer to ${rpc} has no field '${path}'; the closest are ${closest(path, fieldPaths(rpc)).join(', ')}`,
        );
      const absurdity = absurdities.find((one) => one === how);
      if (absurdity === undefined) throw new ArgumentError(`'${how ?? ''}' is none of ${absurdities.join(', ')}`);
      return absurd(rpc, path, absurdity);
    },
  }),
  faultWith({
    name: 'dies',
    breaks: 'the runtime survives a call',
    parameters: ['RPC or *', 'comes-back (after half a second), or for ever when left out'],
    ...{ kills: [], reason: forCrible },
    how: (args) => {
      requireCount(args, 1, 2);
      if (args[1] !== undefined && args[1] !== 'comes-back') throw new ArgumentError(`'${args[1]}' is not comes-back`);
      const backAfterMs = args[1] === undefined ? undefined : usualAbsenceMs;
      return first(rpcsArgument(args[0]), async ({ signal }, { die }) => {
        die(backAfterMs);
        await forever(signal);
      });
    },
  }),
];

function forever(signal: AbortSignal): Promise<void> {
  return pause(2 ** 31 - 1, undefined, { signal });
}
