import { ExpectationFailed } from '../../src/kit/expect.ts';
import type { CaseContext } from '../../src/kit/case.ts';
import type { Container } from '../../src/kit/given.ts';
import { joinRecords, LogFormatError, readLog, type LogRecord } from '../../src/kit/log-file.ts';

/** How long what a container printed may take to its log on a busy machine. */
const flushMs = 5_000;

/** The records of a container's log; a line that is none is a broken promise, whatever the case is about. */
export function logRecords({ logPath }: Pick<Container, 'logPath'>): readonly LogRecord[] {
  try {
    return readLog(logPath);
  } catch (error) {
    if (!(error instanceof LogFormatError)) throw error;
    throw new ExpectationFailed('log-record', 'every line of the log is a record', {
      expected: 'TIMESTAMP STREAM TAGS CONTENT',
      actual: error.message,
      cause: error,
    });
  }
}

/** Waits until the log restores to exactly `expected` on a stream; answers its records. */
export async function expectLogged(
  { expect }: Pick<CaseContext, 'expect'>,
  container: Container,
  expected: string,
  message: string,
  { key = 'output', stream = 'stdout' }: { readonly key?: string; readonly stream?: string } = {},
): Promise<readonly LogRecord[]> {
  const text = (records: readonly LogRecord[]): string => joinRecords(records, stream).toString('latin1');
  return expect.eventually(
    key,
    () => Promise.resolve(logRecords(container)),
    (records) => text(records) === expected,
    message,
    { expected, withinMs: flushMs, actual: text },
  );
}
