/**
 * How an exec or attach ended, by the v1.Status on its error channel. `unreadable`: what came there is none; before anything
 * came there, `left`: this side ended the stream, `lost`: the other side or the connection did.
 */
export type ProcessEnd =
  | { readonly kind: 'success' }
  | { readonly kind: 'exit-code'; readonly exitCode: number; readonly message: string }
  | { readonly kind: 'failure'; readonly reason: string; readonly message: string }
  | { readonly kind: 'unreadable'; readonly text: string }
  | { readonly kind: 'left' }
  | { readonly kind: 'lost'; readonly why: string };

/**
 * Reads the status that ends a stream: `{"status":"Success"}`, or Failure with the reason NonZeroExitCode and a cause
 * ExitCode whose message is the number, or Failure for another reason (k8s.io/apimachinery metav1.Status).
 */
export function readProcessEnd(text: string): ProcessEnd {
  const status = asRecord(parsed(text));
  if (status?.['status'] === 'Success') return { kind: 'success' };
  if (status?.['status'] !== 'Failure') return { kind: 'unreadable', text };
  const message = textOf(status['message']);
  const reason = textOf(status['reason']);
  if (reason !== 'NonZeroExitCode') return { kind: 'failure', reason, message };
  const causes = asRecord(status['details'])?.['causes'];
  const cause = (Array.isArray(causes) ? causes : []).map(asRecord).find((entry) => entry?.['reason'] === 'ExitCode');
  const exitCode = textOf(cause?.['message']);
  return /^\d{1,10}$/.test(exitCode)
    ? { kind: 'exit-code', exitCode: Number(exitCode), message }
    : { kind: 'unreadable', text };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
