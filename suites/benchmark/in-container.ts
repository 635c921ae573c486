import { defineWorkload, type Workload } from '../../src/kit/workload.ts';

/** With the 2 shares of a best-effort container, whatever else runs on the machine would be in the figures. */
const cpuShares = 1024n;

const additions = 400_000;
const memoryMib = 32;
const fileMib = 16;

/**
 * Three programs with the time before and after each, in s, by the container's own shell (`EPOCHREALTIME`, in µs: `date` of
 * busybox knows whole seconds only).
 */
const script = `
t() { echo "$1 $EPOCHREALTIME"; }
t begin
awk 'BEGIN { for (i = 0; i < ${String(additions)}; i++) s += i % 7 }'
t compute
dd if=/dev/zero of=/dev/shm/crible bs=1M count=${String(memoryMib)} 2>/dev/null && cat /dev/shm/crible >/dev/null
t memory
rm /dev/shm/crible
t pause
dd if=/dev/zero of=/tmp/crible bs=64k count=${String(fileMib * 16)} conv=fsync 2>/dev/null
t write
cat /tmp/crible >/dev/null
t read
rm /tmp/crible
`;

const inContainer = defineWorkload({
  id: 'in-container',
  title: 'Work inside of a container',
  description:
    'Computes, writes and reads shared memory, and writes and reads a file in the container’s writable layer, each timed by the ' +
    'container’s own clock. Good for showing what a runtime does not change: processes run on the kernel, not on the runtime, ' +
    'so where CPU or memory differ, look for limits, seccomp and the handler; where files differ, for the snapshotter and the ' +
    'disk under it. Starting the command is in no measure, and the file is written through to the disk (fsync) before its time ' +
    'is taken, and read from the page cache.',
  operations: [{ name: 'ExecSync', description: 'all of the work, with the start of its shell' }],
  measures: [
    { name: 'ComputeRate', description: 'loops of an interpreter', unit: 'loops/s', better: 'higher' },
    { name: 'MemoryRate', description: 'written to /dev/shm and read from it', unit: 'bytes/s', better: 'higher' },
    { name: 'FileWriteRate', description: 'written to a new file, and to the disk', unit: 'bytes/s', better: 'higher' },
    { name: 'FileReadRate', description: 'read again, from the page cache', unit: 'bytes/s', better: 'higher' },
  ],
  primary: 'FileWriteRate',
  needs: ['processes'],
  containersWork: true,
  loads: () => [{ model: 'closed', concurrency: 1 }],
  iterations: (usual) => Math.ceil(usual / 5),
  prepare: async ({ given }) => {
    const pod = await given.podSandbox();
    return given.readyContainer(pod, ':', { linux: { resources: { cpuShares } } });
  },
  iterate: async ({ call, measure, signal }, { id: containerId }) => {
    const { stdout, stderr, exitCode } = await call('ExecSync', ({ runtime }) =>
      runtime.execSync({ containerId, cmd: ['sh', '-c', script], timeout: 60n }, { signal }),
    );
    if (exitCode !== 0) {
      throw new Error(`the work ended with exit code ${String(exitCode)}: ${Buffer.from(stderr).toString()}`);
    }
    const seconds = secondsOf(Buffer.from(stdout).toString());
    const mib = 1024 * 1024;
    measure('ComputeRate', additions / seconds('compute'));
    measure('MemoryRate', (2 * memoryMib * mib) / seconds('memory'));
    measure('FileWriteRate', (fileMib * mib) / seconds('write'));
    measure('FileReadRate', (fileMib * mib) / seconds('read'));
  },
});

export const workloads: readonly Workload[] = [inContainer];

/** How long each step took, from the lines `STEP TIME` that follow it. */
function secondsOf(output: string): (step: string) => number {
  const marks = output
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([step, time]) => ({ step, time: Number(time === '' ? NaN : time) }));
  return (step) => {
    const at = marks.findIndex((mark) => mark.step === step);
    const took = (marks[at]?.time ?? NaN) - (marks[at - 1]?.time ?? NaN);
    if (!(took > 0)) throw new Error(`the shell of the container does not tell how long '${step}' took: ${output}`);
    return took;
  };
}
