import { codeOf } from '../code.ts';
import type { Code } from '../code.ts';
import { errorCode } from './frame.ts';

/** What a call failed with. */
export interface Status {
  readonly code: Code;
  readonly details: string;
}

/** The code of a grpc-status field; what is no number that gRPC knows counts as Unknown. */
export function codeOfText(grpcStatus: string): Code {
  return codeOf(Number(grpcStatus));
}

/**
 * The text of a grpc-message field, which is UTF-8 percent-encoded. Nothing of it is thrown away: a percent sign that
 * encodes nothing stays, and bytes that are not UTF-8 show as such (gRPC over HTTP2, "Responses").
 */
export function detailsOf(grpcMessage: string): string {
  const bytes = grpcMessage.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** An answer that is not gRPC's but plain HTTP's, or has lost its status on the way (gRPC over HTTP2, "HTTP-Status codes"). */
export function statusOfHttp(httpStatus: number): Status {
  return { code: codeOfHttp(httpStatus), details: `Received HTTP status code ${httpStatus.toString()}` };
}

function codeOfHttp(httpStatus: number): Code {
  switch (httpStatus) {
    case 400:
      return 'Internal';
    case 401:
      return 'Unauthenticated';
    case 403:
      return 'PermissionDenied';
    case 404:
      return 'Unimplemented';
    case 429:
    case 502:
    case 503:
    case 504:
      return 'Unavailable';
    default:
      return 'Unknown';
  }
}

/** A stream that the server reset, in the words of grpc-js (gRPC over HTTP2, "Errors"). */
export function statusOfReset(http2Code: number): Status {
  switch (http2Code) {
    case errorCode.noError:
      return { code: 'Internal', details: 'Received RST_STREAM with code 0 (Call ended without gRPC status)' };
    case errorCode.refusedStream:
      return { code: 'Unavailable', details: 'Stream refused by server' };
    case errorCode.cancel:
      return { code: 'Canceled', details: 'Call cancelled' };
    case errorCode.enhanceYourCalm:
      return { code: 'ResourceExhausted', details: 'Bandwidth exhausted or memory limit exceeded' };
    case errorCode.inadequateSecurity:
      return { code: 'PermissionDenied', details: 'Protocol not secure enough' };
    case errorCode.internalError:
      return { code: 'Internal', details: 'Received RST_STREAM with code 2 (Internal server error)' };
    default:
      return { code: 'Internal', details: `Received RST_STREAM with code ${http2Code.toString()}` };
  }
}
