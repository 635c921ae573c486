/** A v1.Status of Kubernetes: how a stream tells what became of it, as JSON on its error channel. */
interface Status {
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: 'NonZeroExitCode' | 'InternalError';
  readonly details?: { readonly causes: readonly { readonly reason?: 'ExitCode'; readonly message: string }[] };
  readonly code?: number;
}

/** A command that ended: the exit code is in the cause. */
export function statusOfExit(exitCode: number): Buffer {
  return encoded(
    exitCode === 0
      ? { metadata: {}, status: 'Success' }
      : {
          metadata: {},
          status: 'Failure',
          message: `command terminated with non-zero exit code: exit status ${String(exitCode)}`,
          reason: 'NonZeroExitCode',
          details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
        },
  );
}

/** A stream that came to nothing. */
export function statusOfFailure(message: string): Buffer {
  return encoded({
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  });
}

function encoded(status: Status): Buffer {
  return Buffer.from(JSON.stringify(status));
}
