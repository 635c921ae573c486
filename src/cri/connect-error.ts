import { TargetError } from '../model/error.ts';

/** Why there is no CRI to talk to at an endpoint. */
export type ConnectProblem =
  'missing-socket' | 'permission-denied' | 'nobody-listening' | 'not-grpc' | 'cri-disabled' | 'no-cri' | 'timeout';

/** No CRI could be reached at an endpoint: what was found there, and what to do next. */
export class ConnectError extends TargetError {
  readonly kind: ConnectProblem;
  readonly endpoint: string;

  constructor(kind: ConnectProblem, endpoint: string, found: string, advice: string, options?: ErrorOptions) {
    super(`${endpoint}: ${found}`, advice, options);
    this.kind = kind;
    this.endpoint = endpoint;
  }
}
