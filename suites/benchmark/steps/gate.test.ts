import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Gate } from './gate.ts';

test('nobody goes on before the last has come, again and again', async () => {
  const gate = new Gate(3, new AbortController().signal);
  for (let wave = 0; wave < 2; wave++) {
    let passed = 0;
    const wait = (): Promise<number> => gate.wait().then(() => passed++);
    const two = [wait(), wait()];
    await turn();
    assert.equal(passed, 0);
    await Promise.all([...two, wait()]);
    assert.equal(passed, 3);
  }
});

test('an abort ends the wait of all, and of those that come later', async () => {
  const over = new AbortController();
  const gate = new Gate(2, over.signal);
  const waiting = gate.wait();
  over.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  await assert.rejects(gate.wait(), /enough/);
});
