import assert from 'node:assert/strict';
import { test } from 'node:test';
import { processShell } from './shell.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

test('the first signal asks for a clean end, the second leaves at once', (context) => {
  const before = new Map(signals.map((name) => [name, process.listeners(name)]));
  context.after(() => {
    for (const name of signals) {
      for (const listener of process.listeners(name)) {
        if (before.get(name)?.includes(listener) !== true) process.off(name, listener);
      }
    }
  });
  const left: number[] = [];
  const shell = processShell((code) => left.push(code));
  assert.equal(shell.signal.aborted, false);
  process.emit('SIGINT', 'SIGINT');
  assert.equal(shell.signal.aborted, true);
  assert.deepEqual(left, []);
  process.emit('SIGTERM', 'SIGTERM');
  assert.deepEqual(left, [130]);
});
