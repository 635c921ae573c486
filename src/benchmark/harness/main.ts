import { writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { connect } from '../../cri/client.ts';
import { releaseLab } from '../../lab/labs.ts';
import { startLab } from '../../lab/start-lab.ts';
import { UserError } from '../../model/error.ts';
import { compareTransports } from './comparison.ts';
import { tableOf, targetsOf } from './table.ts';

const usage = `usage: bench-harness [ENDPOINT] [--repetitions N] [--seconds S] [--json FILE]

Compares ways to call Version on a container runtime: grpc-js, Node's http2 module, the measured transport and, when it
is installed, h2load. Without an endpoint a private containerd is started for it.
  --repetitions N  measurements of each, of which the table shows medians; 3 at least, 5 unless given
  --seconds S      length of one measurement; 1 unless given
  --json FILE      writes every measurement as well; - for standard output, where the table then does not go`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repetitions: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const repetitions = Number(values.repetitions);
const durationMs = Number(values.seconds) * 1000;
const [endpoint] = positionals;

if (values.help || positionals.length > 1 || !(repetitions >= 3) || !(durationMs >= 100)) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`bench-harness: ${error.message}\n  ${error.advice}\n`);
    process.exitCode = 3;
  }
}

async function run(): Promise<void> {
  if (endpoint !== undefined) {
    await compareOn(endpoint);
    return;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    interrupted.abort();
  });
  const lab = await startLab(
    { runtime: 'containerd' },
    { owner: 'run', runId: `bench-harness-${process.pid.toString()}`, progress: say, signal: interrupted.signal },
  );
  try {
    await compareOn(lab.endpoint);
  } finally {
    await releaseLab(lab);
  }
}

async function compareOn(target: string): Promise<void> {
  const client = await connect(target);
  const { runtimeName, runtimeVersion } = client.version;
  client.close();
  say(`${runtimeName} ${runtimeVersion} at ${target}`);
  const comparison = await compareTransports(target, { repetitions, durationMs, progress: say });
  const machine = { cpuModel: cpus()[0]?.model, cpuCount: cpus().length, kernel: release(), node: process.version };
  const told = { runtime: { runtimeName, runtimeVersion }, machine, targets: targetsOf(comparison), ...comparison };
  const json = `${JSON.stringify(told, null, 2)}\n`;
  if (values.json === '-') {
    process.stdout.write(json);
    return;
  }
  process.stdout.write(`${runtimeName} ${runtimeVersion}, ${String(machine.cpuCount)} CPUs, Node ${machine.node}\n\n`);
  process.stdout.write(tableOf(comparison));
  if (values.json !== undefined) writeFileSync(values.json, json);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
