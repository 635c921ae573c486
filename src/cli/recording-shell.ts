import { PassThrough } from 'node:stream';
import type { Shell } from './shell.ts';

/** A shell for tests: what is said on it is kept. */
export interface RecordingShell extends Shell {
  readonly printed: readonly string[];
  readonly noted: readonly string[];
  readonly interrupt: () => void;
}

/** @param answers to questions, in order; without any nobody is there to be asked */
export function recordingShell(answers?: readonly boolean[]): RecordingShell {
  const controller = new AbortController();
  const printed: string[] = [];
  const noted: string[] = [];
  const waiting = [...(answers ?? [])];
  return {
    printed,
    noted,
    print: (text) => printed.push(text),
    note: (text) => noted.push(text),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    interactive: answers !== undefined,
    confirm: (question) => {
      noted.push(question);
      return Promise.resolve(waiting.shift() ?? false);
    },
    signal: controller.signal,
    interrupt: () => {
      controller.abort(new Error('interrupted'));
    },
    commandLine: ['crible', 'test'],
  };
}
