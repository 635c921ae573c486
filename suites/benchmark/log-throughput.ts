import { closeSync, fstatSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { CriClient } from '../../src/cri/client.ts';
import { ContainerState } from '../../src/cri/messages.ts';
import type { PulledImage } from '../../src/kit/container-config.ts';
import type { Container, PodSandbox } from '../../src/kit/given.ts';
import { joinRecords, readLog } from '../../src/kit/log-file.ts';
import { defineWorkload, type IterationContext, type Workload } from '../../src/kit/workload.ts';
import { shellImage } from './steps/pod.ts';

interface Lines {
  readonly count: number;
  readonly line: string;
}

/** Short ones show what a line costs, long ones what a byte costs; 4 KiB go undivided through every runtime's buffer. */
const shortLines: Lines = { count: 150_000, line: 's'.repeat(31) };
const longLines: Lines = { count: 4_000, line: 'l'.repeat(4095) };
/** What the program says when it has written all. */
const lastLine = 'that was all';

/** A watch would be told of every line, and would be work beside what is measured. */
const lookMs = 5;
/** A log to which so long nothing came, of a container that has ended, is complete, whatever is missing. */
const quietMs = 5_000;

const logThroughput = defineWorkload({
  id: 'log-throughput',
  title: 'A container that logs as fast as it can',
  description:
    `Lets a container write ${String(shortLines.count)} lines of 32 bytes and another ${String(longLines.count)} lines of 4 KiB ` +
    'to its standard output as fast as its runtime takes them, and counts what is in the log files. Good for chatty programs, ' +
    'which are held up by a slow reader, and for whether lines are lost: what is still in a pipe when the process ends may be. The clock runs from the first byte that is in the file ' +
    'to the last line, so the start of the container is not in it; nothing reads the log meanwhile but a look at its end every ' +
    `${String(lookMs)} ms; and the file is not rotated.`,
  operations: [{ name: 'StartContainer', description: 'of a container that writes from its first moment on' }],
  measures: [
    { name: 'LineRate', description: 'short lines that came into the log', unit: 'lines/s', better: 'higher' },
    { name: 'ByteRate', description: 'bytes of long lines, timestamps not counted', unit: 'bytes/s', better: 'higher' },
    {
      name: 'LostLines',
      description: 'lines of either kind that are not in the log as written',
      unit: '%',
      better: 'lower',
    },
  ],
  primary: 'LineRate',
  needs: ['host-files', 'processes'],
  containersWork: true,
  loads: () => [{ model: 'closed', concurrency: 1 }],
  iterations: () => 1,
  prepare: ({ given }) => given.image(shellImage),
  beginRound: ({ given }) => given.podSandbox(),
  iterate: async (context, image, pod) => {
    const short = await logged(context, image, pod, shortLines);
    const long = await logged(context, image, pod, longLines);
    context.measure('LineRate', short.lines / short.seconds);
    context.measure('ByteRate', (long.lines * (longLines.line.length + 1)) / long.seconds);
    const written = shortLines.count + longLines.count;
    context.measure('LostLines', ((written - short.lines - long.lines) / written) * 100);
  },
});

export const workloads: readonly Workload[] = [logThroughput];

/** Lets a container log and counts the lines that came to be in the file. */
async function logged(
  { given, cri, call, signal }: IterationContext,
  image: PulledImage,
  pod: PodSandbox,
  { count, line }: Lines,
): Promise<{ readonly lines: number; readonly seconds: number }> {
  const command = ['sh', '-c', `yes ${line} | head -n ${String(count)}; echo ${lastLine}`];
  const container = await given.container(pod, { command }, image);
  await call('StartContainer', ({ runtime }) => runtime.startContainer({ containerId: container.id }, { signal }));
  const seconds = await logging(cri, container, signal);
  const written = joinRecords(readLog(container.logPath), 'stdout').toString('latin1').split('\n');
  await cri.runtime.stopContainer({ containerId: container.id, timeout: 0n }, { signal });
  while (!(await hasExited(cri, container, signal))) await pause(lookMs, undefined, { signal });
  await cri.runtime.removeContainer({ containerId: container.id }, { signal });
  // Rounds come in dozens, and the run's folder would hold them all.
  rmSync(container.logPath);
  return { lines: written.filter((text) => text === line).length, seconds };
}

/**
 * Waits until the last line is in a log; where it is lost, until nothing comes any more.
 * @returns how long the log grew, in s
 * @throws Error when it does not begin to
 */
async function logging(cri: CriClient, container: Container, signal: AbortSignal): Promise<number> {
  const { logPath } = container;
  let sizeBytes = 0;
  let beganMs = performance.now();
  let grewAtMs = beganMs;
  for (;;) {
    const now = performance.now();
    const size = sizeOf(logPath);
    if (sizeBytes === 0) beganMs = now;
    if (size > sizeBytes) [sizeBytes, grewAtMs] = [size, now];
    if (size > 0 && endOf(logPath).endsWith(`${lastLine}\n`)) return (now - beganMs) / 1000;
    if (now - grewAtMs > quietMs && (sizeBytes === 0 || (await hasExited(cri, container, signal)))) {
      if (sizeBytes === 0) throw new Error(`nothing came to be in ${logPath} within ${String(quietMs)} ms`);
      return (grewAtMs - beganMs) / 1000;
    }
    await pause(lookMs, undefined, { signal });
  }
}

async function hasExited(cri: CriClient, { id }: Container, signal: AbortSignal): Promise<boolean> {
  const { status } = await cri.runtime.containerStatus({ containerId: id }, { signal });
  return status?.state === ContainerState.CONTAINER_EXITED;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** So much of a file's end as holds the last line. */
function endOf(path: string): string {
  const end = Buffer.alloc(lastLine.length + 1);
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    return end.toString('latin1', 0, readSync(file, end, 0, end.length, Math.max(0, size - end.length)));
  } finally {
    closeSync(file);
  }
}
