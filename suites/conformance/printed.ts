import type { CaseContext } from '../../src/kit/case.ts';
import type { ContainerDeviation, PulledImage } from '../../src/kit/container-config.ts';
import type { PodSandbox } from '../../src/kit/given.ts';
import { SetupError } from '../../src/kit/setup.ts';
import { joinRecords } from '../../src/kit/log-file.ts';
import { logRecords } from './logged.ts';

/* Has a container's own process try things; takes the features `processes` and `host-files`. */

/** What came of something that a container tried. */
export interface Attempt {
  /** Whether its exit code was 0. */
  readonly ok: boolean;
  /** What it printed, on one line, errors too. */
  readonly text: string;
}

const lastLine = 'that is all';
/** How long the last of a container's output may take to its log on a busy machine. */
const lateMs = 5_000;
const pollMs = 20;

/**
 * What became of each piece of shell text, in their order, in one container that runs nothing else.
 * @throws SetupError when the log does not have it: no answer to what the case asks
 */
export async function tried<K extends string>(
  context: Pick<CaseContext, 'given' | 'signal'>,
  pod: PodSandbox,
  attempts: Readonly<Record<K, string>>,
  deviation: ContainerDeviation = {},
  image?: PulledImage,
): Promise<Readonly<Record<K, Attempt>>> {
  const lines = Object.entries<string>(attempts).map(
    // Without quotes the words of several lines make one.
    ([name, work]) =>
      `if out=$( { ${work}; } 2>&1 ); then echo ${name} succeeded: $out; else echo ${name} failed: $out; fi`,
  );
  const command = ['sh', '-c', ['set -f', ...lines, `echo ${lastLine}`].join('\n')];
  const { container } = await context.given.exitedContainer(pod, { ...deviation, command }, image);
  const printed = await wholeLog(container, context.signal);
  const found = new Map(
    printed.split('\n').flatMap((line) => {
      const {
        name,
        end,
        text = '',
      } = /^(?<name>[\w-]+) (?<end>succeeded|failed):(?<text>.*)$/.exec(line)?.groups ?? {};
      return name === undefined ? [] : [[name, { ok: end === 'succeeded', text: text.trim() }] as const];
    }),
  );
  const all = Object.keys(attempts).map((name) => [name, found.get(name) ?? { ok: false, text: 'it was not tried' }]);
  return Object.fromEntries(all) as Record<K, Attempt>;
}

async function wholeLog(container: Parameters<typeof logRecords>[0], signal: AbortSignal): Promise<string> {
  const deadline = performance.now() + lateMs;
  for (;;) {
    signal.throwIfAborted();
    const text = joinRecords(logRecords(container), 'stdout').toString();
    if (text.endsWith(`${lastLine}\n`)) return text;
    if (performance.now() > deadline) {
      const seen = new Error(`it ends with ${JSON.stringify(text.slice(-200))}`);
      throw new SetupError('read in the log what the container printed', seen);
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** It must succeed. */
export function expectSuccess(
  { expect }: Pick<CaseContext, 'expect'>,
  key: string,
  { ok, text }: Attempt,
  message: string,
): void {
  expect.that(key, ok, message, { expected: 'success', actual: text });
}

/** It must fail for the given reason, in the words that strerror(3) has for it. */
export function expectRefusal(
  { expect }: Pick<CaseContext, 'expect'>,
  key: string,
  { ok, text }: Attempt,
  reason: 'Operation not permitted' | 'Permission denied' | 'Read-only file system',
  message: string,
): void {
  expect.that(key, !ok && text.includes(reason), message, {
    expected: reason,
    actual: ok ? `success ${text}`.trim() : text,
  });
}
