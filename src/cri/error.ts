import { messageOf } from '../model/error.ts';
import { codeNumberOf, codeOf, isCode } from './code.ts';
import type { Code } from './code.ts';

/** Which call an error belongs to. */
export interface CallSite {
  /** Verbatim, for example RunPodSandbox. */
  readonly rpc: string;
  readonly endpoint: string;
}

/**
 * An RPC that did not succeed: what the runtime answered, or what the transport made of it (Unavailable,
 * DeadlineExceeded, Canceled, ResourceExhausted). `details` is the runtime's own text and as such hostile.
 */
export class CriError extends Error {
  readonly code: Code;
  readonly codeNumber: number;
  readonly rpc: string;
  readonly endpoint: string;
  readonly details: string;

  constructor(code: Code, details: string, site: CallSite, options?: ErrorOptions) {
    super(`${site.rpc} on ${site.endpoint}: ${code}: ${details}`, options);
    this.name = 'CriError';
    this.code = code;
    this.codeNumber = codeNumberOf(code);
    this.rpc = site.rpc;
    this.endpoint = site.endpoint;
    this.details = details;
  }

  /** The single door from anything thrown around a call; what carries no gRPC status becomes Unknown. */
  static from(thrown: unknown, site: CallSite): CriError {
    if (thrown instanceof CriError) return thrown;
    const { code, details } = statusOf(thrown);
    return new CriError(code, details, site, { cause: thrown });
  }
}

/** The gRPC status in a thrown `{code, details}`, where the code is a number or a name; Unknown with its message for all else. */
export function statusOf(thrown: unknown): { readonly code: Code; readonly details: string } {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown) {
    const details = 'details' in thrown && typeof thrown.details === 'string' ? thrown.details : messageOf(thrown);
    if (typeof thrown.code === 'number') return { code: codeOf(thrown.code), details };
    if (isCode(thrown.code)) return { code: thrown.code, details };
  }
  return { code: 'Unknown', details: messageOf(thrown) };
}
