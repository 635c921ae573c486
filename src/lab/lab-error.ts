import { TargetError } from '../model/error.ts';

/** Why a lab, or something that a lab needs, is not to be had. */
export type LabProblem =
  | 'not-linux'
  | 'not-root'
  | 'no-binaries'
  | 'package-download-failed'
  | 'version-not-found'
  | 'daemon-exited'
  | 'daemon-not-ready'
  | 'registry-failed'
  | 'no-network'
  | 'handler-missing'
  | 'unknown-lab'
  | 'busy'
  | 'not-removed'
  | 'push-refused'
  | 'aborted';

/** A lab cannot do as asked: the message says what happened, the advice what to do next. */
export class LabError extends TargetError {
  readonly kind: LabProblem;

  constructor(kind: LabProblem, message: string, advice: string, options?: ErrorOptions) {
    super(message, advice, options);
    this.kind = kind;
  }
}

/** @throws LabError `aborted` once the signal has fired */
export function checkAborted(signal: AbortSignal | undefined, doing: string): void {
  if (signal?.aborted) throw new LabError('aborted', `interrupted while ${doing}`, '');
}
