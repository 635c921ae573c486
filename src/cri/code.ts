/** The gRPC status codes by number, spelled as Go does, which is how runtimes and the kubelet print them. */
export const codes = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;
export type Code = (typeof codes)[number];

/** The name of a status code; a number that gRPC does not define counts as Unknown, as it does in every gRPC client. */
export function codeOf(codeNumber: number): Code {
  return codes[codeNumber] ?? 'Unknown';
}

export function codeNumberOf(code: Code): number {
  return codes.indexOf(code);
}

export function isCode(value: unknown): value is Code {
  return codes.some((code) => code === value);
}
