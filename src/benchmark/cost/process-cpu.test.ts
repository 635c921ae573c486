import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fakeMachine } from '../../kit/fake-machine.testing.ts';
import { cribleCpuBetween, readCribleCpu, type CribleCpu } from './crible-cpu.ts';
import { machineCpuBetween, readMachineCpu } from './machine-cpu.ts';
import { cpuBetween, readProcessCpu, type ProcessCpu } from './process-cpu.ts';

const onLinux = { skip: process.platform !== 'linux' && 'needs Linux' };
const ms = 1_000_000;

function cpu(change: Partial<ProcessCpu> = {}): ProcessCpu {
  return { startTime: '1000', scheduledNs: 0, tickedNs: 0, reapedNs: 0, ...change };
}

describe('CPU time of a process', () => {
  test('is read from both clocks, whatever the process is called', () => {
    const { proc } = fakeMachine({
      'proc/10/stat':
        '10 (x) y) 1 2) S 1 10 10 0 -1 4194560 5 0 0 0 12 3 40 5 20 0 9 0 4711 0 0 18446744073709551615 0\n',
      'proc/10/task/10/schedstat': '151000000 9 3\n',
      'proc/10/task/11/schedstat': '2000000 9 3\n',
      'proc/10/task/12/comm': 'ended before it was looked at\n',
    });
    const expected = { startTime: '4711', scheduledNs: 153 * ms, tickedNs: 150 * ms, reapedNs: 450 * ms };
    assert.deepEqual(readProcessCpu(10, proc), expected);
    assert.equal(readProcessCpu(11, proc), undefined);
  });

  test('is exact, but never less than the coarse clock says for sure', () => {
    const start = cpu({ scheduledNs: 100 * ms, tickedNs: 100 * ms });
    assert.equal(cpuBetween(start, cpu({ scheduledNs: 103 * ms, tickedNs: 110 * ms })), 3 * ms);
    // A thread that had used 90 ms before it ended is missing from the sum.
    assert.equal(cpuBetween(start, cpu({ scheduledNs: 30 * ms, tickedNs: 200 * ms })), 90 * ms);
    assert.equal(cpuBetween(start, cpu({ scheduledNs: undefined, tickedNs: 140 * ms })), 40 * ms);
    assert.equal(cpuBetween(start, start), 0);
  });
});

describe('CPU time of crible', () => {
  const reading = (change: Partial<CribleCpu>): CribleCpu => ({
    self: { user: 0, system: 0 },
    reapedNs: 0,
    descendants: new Map(),
    ...change,
  });

  test('counts a child once, whether it lives, ended or began meanwhile', () => {
    const start = reading({
      reapedNs: 1000 * ms,
      descendants: new Map([
        [10, cpu({ scheduledNs: 500 * ms, tickedNs: 500 * ms })],
        [11, cpu({ scheduledNs: 300 * ms, tickedNs: 300 * ms })],
      ]),
    });
    const end = reading({
      self: { user: 7000, system: 1000 },
      // 11 was reaped: its 300 ms from before and 20 ms more.
      reapedNs: 1320 * ms,
      descendants: new Map([
        [10, cpu({ scheduledNs: 504 * ms, tickedNs: 500 * ms })],
        [12, cpu({ startTime: '2000', scheduledNs: 2 * ms })],
      ]),
    });
    assert.equal(cribleCpuBetween(start, end), (8 + 20 + 4 + 2) * ms);
  });

  test('a process id that was given to another process is another process', () => {
    const start = reading({ descendants: new Map([[10, cpu({ tickedNs: 900 * ms, scheduledNs: 900 * ms })]]) });
    const end = reading({
      reapedNs: 910 * ms,
      descendants: new Map([[10, cpu({ startTime: '2000', scheduledNs: 5 * ms })]]),
    });
    assert.equal(cribleCpuBetween(start, end), 15 * ms);
  });

  test('finds children, and leaves out those that are accounted elsewhere', onLinux, async () => {
    const child = spawn(process.execPath, ['-e', 'const until = Date.now() + 30_000; while (Date.now() < until);']);
    try {
      await once(child, 'spawn');
      const pid = child.pid ?? 0;
      const start = readCribleCpu(new Set());
      const apart = readCribleCpu(new Set([pid]));
      assert.ok(start.descendants.has(pid) && !apart.descendants.has(pid));
      const until = performance.now() + 20_000;
      let withChild = 0;
      while (withChild < 100 * ms && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        withChild = cribleCpuBetween(start, readCribleCpu(new Set()));
      }
      const without = cribleCpuBetween(apart, readCribleCpu(new Set([pid])));
      assert.ok(withChild - without > 40 * ms, `${String(withChild)} with the child, ${String(without)} without`);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

describe('CPU time of the machine', () => {
  const stat = (user: number, idle: number, iowait: number, steal: number): string =>
    `cpu  ${String(user)} 5 6 ${String(idle)} ${String(iowait)} 0 3 ${String(steal)} 0 0\ncpu0 1 0 0 1 0 0 0 0 0 0\ncpu1 1 0 0 1 0 0 0 0 0 0\nintr 1\n`;

  test('busy is what is neither idle nor waiting nor stolen, even if ticks were lost', () => {
    const machine = fakeMachine({ 'proc/stat': stat(100, 1000, 50, 7) });
    const start = readMachineCpu(machine.proc, 0n);
    machine.add({ 'proc/stat': stat(130, 1060, 60, 17) });
    const end = readMachineCpu(machine.proc, 1_000_000_000n);
    assert.ok(start && end);
    assert.deepEqual(machineCpuBetween(start, end), { busyNs: 1_200 * ms, stolenNs: 100 * ms });
    assert.equal(machineCpuBetween(start, { ...end, processors: 4 }), undefined);
  });

  test('is unknown without /proc/stat', () => {
    assert.equal(readMachineCpu('/nowhere'), undefined);
    assert.equal(readMachineCpu(fakeMachine({ 'proc/stat': 'cpu 1 2 3\n' }).proc), undefined);
  });
});
