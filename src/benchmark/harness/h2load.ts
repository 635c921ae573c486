import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseEndpoint } from '../../cri/endpoint.ts';
import { versionPath } from './caller.ts';
import type { Measured } from './measure.ts';

const execute = promisify(execFile);

/** Whether nghttp2's load generator is installed. */
export async function hasH2load(): Promise<boolean> {
  return await execute('h2load', ['--version']).then(
    () => true,
    () => false,
  );
}

/** Lets h2load call Version so many times. Its errors are HTTP's: it knows nothing of grpc-status. */
export async function measureH2load(endpoint: string, inFlight: number, calls: number): Promise<Measured> {
  const { socket } = parseEndpoint(endpoint);
  const base = 'path' in socket ? `unix:${socket.path}` : `http://${socket.host}:${socket.port.toString()}`;
  const folder = await mkdtemp(join(tmpdir(), 'crible-h2load-'));
  try {
    const message = join(folder, 'message');
    const log = join(folder, 'log');
    await writeFile(message, Buffer.alloc(5));
    // The shell's `times` tells what its children used; h2load itself does not.
    const { stdout } = await execute('sh', [
      '-c',
      '"$@"; times',
      'sh',
      'h2load',
      `--base-uri=${base}`,
      `--requests=${calls.toString()}`,
      '--clients=1',
      `--max-concurrent-streams=${inFlight.toString()}`,
      `--data=${message}`,
      '--header=content-type: application/grpc',
      '--header=te: trailers',
      ...(inFlight === 1 ? [`--log-file=${log}`] : []),
      `http://localhost${versionPath}`,
    ]);
    return {
      ...read(stdout, calls),
      p50Us: inFlight === 1 ? medianOf(await readFile(log, 'utf8')) : null,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function read(stdout: string, calls: number): Omit<Measured, 'p50Us'> {
  const rate = /, ([\d.]+) req\/s/.exec(stdout)?.[1];
  const succeeded = /, (\d+) succeeded/.exec(stdout)?.[1];
  const times = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/.exec(stdout);
  if (rate === undefined || succeeded === undefined || times === null) {
    throw new Error(`h2load said something else than expected: ${stdout.slice(0, 2000)}`);
  }
  const [userMinutes = 0, user = 0, systemMinutes = 0, system = 0] = times.slice(1).map(Number);
  const cpuSeconds = 60 * (userMinutes + systemMinutes) + user + system;
  return {
    calls: Number(succeeded),
    errors: calls - Number(succeeded),
    callsPerSecond: Number(rate),
    cpuPerCallUs: (cpuSeconds * 1e6) / calls,
  };
}

/** Of the third column of h2load's log: the time of a request in µs. */
function medianOf(log: string): number | null {
  const timesUs = log
    .trim()
    .split('\n')
    .map((line) => Number(line.split('\t')[2]));
  timesUs.sort((a, b) => a - b);
  return timesUs[Math.floor(timesUs.length / 2)] ?? null;
}
