import { createHash } from 'node:crypto';
import { z } from 'zod';

const ms = z.number().nonnegative();
const everyN = z.number().int().positive();

/**
 * How long the calls of an RPC take, in ms from when they come in until they are answered.
 * `stall`: every nth call takes `stallMs`, it alone. `freeze`: every nth call keeps the whole server from answering anything
 * for `stallMs`, as a collection of garbage does; calls that come in meanwhile begin when it is over.
 */
export const delayLawSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant'), baseMs: ms }),
  z.object({ kind: z.literal('bimodal'), baseMs: ms, otherMs: ms, otherShare: z.number().min(0).max(1) }),
  z.object({ kind: z.literal('stall'), baseMs: ms, stallMs: ms, everyN }),
  z.object({ kind: z.literal('freeze'), baseMs: ms, stallMs: ms, everyN }),
]);
export type DelayLaw = Readonly<z.infer<typeof delayLawSchema>>;

export function constant(baseMs: number): DelayLaw {
  return { kind: 'constant', baseMs };
}

/** `otherShare` of the calls, from 0 to 1, takes `otherMs`; which ones, the seed decides. */
export function bimodal(baseMs: number, otherMs: number, otherShare: number): DelayLaw {
  return { kind: 'bimodal', baseMs, otherMs, otherShare };
}

export function stall(baseMs: number, stallMs: number, everyN: number): DelayLaw {
  return { kind: 'stall', baseMs, stallMs, everyN };
}

export function freeze(baseMs: number, stallMs: number, everyN: number): DelayLaw {
  return { kind: 'freeze', baseMs, stallMs, everyN };
}

/** What one call is to take, and for how long it freezes the server first. */
export interface Delay {
  readonly ownNs: bigint;
  readonly freezeNs: bigint;
}

/** The delay of the nth call of an RPC, counted from 1; the same for the same seed. */
export function delayOfCall(law: DelayLaw, rpc: string, n: number, seed: number): Delay {
  const own = (delayMs: number): Delay => ({ ownNs: nanoseconds(delayMs), freezeNs: 0n });
  switch (law.kind) {
    case 'constant':
      return own(law.baseMs);
    case 'bimodal':
      return own(chance(rpc, n, seed) < law.otherShare ? law.otherMs : law.baseMs);
    case 'stall':
      return own(n % law.everyN === 0 ? law.stallMs : law.baseMs);
    case 'freeze':
      return n % law.everyN === 0 ? { ownNs: 0n, freezeNs: nanoseconds(law.stallMs) } : own(law.baseMs);
  }
}

function nanoseconds(delayMs: number): bigint {
  return BigInt(Math.round(delayMs * 1e6));
}

/** Evenly spread over 0 to 1, for every call anew. */
function chance(rpc: string, n: number, seed: number): number {
  return (
    createHash('sha256')
      .update(`${String(seed)}/${rpc}/${String(n)}`)
      .digest()
      .readUIntBE(0, 6) /
    2 ** 48
  );
}
