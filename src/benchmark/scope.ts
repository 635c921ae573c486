import { setMaxListeners } from 'node:events';
import type { CriClient } from '../cri/client.ts';
import { Created } from '../kit/created.ts';
import { Given } from '../kit/given.ts';
import { Ledger } from '../kit/ledger.ts';
import type { TargetContext } from '../kit/target-context.ts';
import type { WorkloadContext } from '../kit/workload.ts';

/** An interruption comes in three steps, so that most of what is under way removes itself. */
export interface Interruption {
  /** Nothing new is begun. */
  readonly requested: AbortSignal;
  /** A while later: calls in flight are cancelled. */
  readonly callsOver: AbortSignal;
  /** In the end: what has not been removed is left to the ledger. */
  readonly removalOver: AbortSignal;
}

/** What a part of a workload makes on a target, by the label that it is found by: a visit's, a preparation's, idle pods. */
export interface Lot {
  readonly label: string;
  readonly created: Created;
}

/** What a part of a workload works with, on one connection. */
export interface Scope {
  /** Its signal ends calls in flight. */
  readonly context: WorkloadContext;
  /** To be aborted when a call gets no answer and the runtime proves to be gone; the context's signal follows it. */
  readonly runtimeGone: AbortController;
  /** No iteration begins after it aborts: the runtime is gone, or the run is interrupted. */
  readonly noMore: AbortSignal;
}

/** A signal that aborts with another one and goes with the connection that listens to it; connections come with every visit. */
export function forOneConnection(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal]);
}

/** @param part for people who look at the labels in the runtime */
export function newLot(target: TargetContext, part: string): Lot {
  const label = `${part}-${process.hrtime.bigint().toString(36)}`;
  return { label, created: new Created(target, label) };
}

/** Opens a scope on a connection; what is made in it belongs to the lot. */
export function openScope(client: CriClient, target: TargetContext, interruption: Interruption, lot: Lot): Scope {
  const cri = client.observedBy(lot.created.observe);
  const runtimeGone = new AbortController();
  const noMore = AbortSignal.any([interruption.requested, runtimeGone.signal]);
  const signal = AbortSignal.any([interruption.callsOver, runtimeGone.signal]);
  // Every call in flight listens to it.
  setMaxListeners(0, signal);
  const given = new Given(cri, target, Ledger.join(target.runId), lot.label, signal);
  return { context: { given, cri, target, signal }, runtimeGone, noMore };
}
