import { readFileSync } from 'node:fs';
import { foldResult } from '../../judge/fold.ts';
import { messageOf, UsageError } from '../../model/error.ts';
import { runEventSchema } from '../../model/event.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Expectation } from '../../model/expectation.ts';
import { resultSchema } from '../../model/result.ts';
import type { Result } from '../../model/result.ts';

/**
 * Reads a result.json.
 * @throws UsageError when it cannot be read or is not one
 */
export function readResult(path: string): Result {
  const parsed = resultSchema.safeParse(jsonOf(textOf(path), path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `${path} is not a result of crible: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/**
 * Reads the journal of a run and folds it into the result that the run would have left. A last line that a crash cut short
 * is passed over.
 * @throws UsageError when it cannot be read or is not a journal
 */
export function readJournal(path: string, expectations: readonly Expectation[]): Result {
  const lines = textOf(path).split('\n');
  const events = lines.flatMap((line, index): RunEvent[] => {
    if (line === '') return [];
    const whole = index < lines.length - 1;
    const parsed = runEventSchema.safeParse(whole ? jsonOf(line, path) : tryJson(line));
    if (parsed.success) return [parsed.data];
    if (!whole) return [];
    throw new UsageError(`${path}:${String(index + 1)}: this line is no event of a run of crible`);
  });
  return foldResult(events, expectations);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${messageOf(error)}`);
  }
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${messageOf(error)}`);
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
