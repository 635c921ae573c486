import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFinished, runStarted } from '../../judge/judge-samples.ts';
import { EventBus } from './event-bus.ts';

test('a listener that comes late hears everything, and one that throws disturbs nobody', () => {
  const bus = new EventBus();
  bus.emit(runStarted);
  const heard: string[] = [];
  bus.subscribe(() => {
    throw new Error('disk full');
  });
  bus.subscribe(({ type }) => heard.push(type));
  bus.emit(runFinished());
  assert.deepEqual(heard, ['run-started', 'run-finished']);
  assert.deepEqual(bus.events.length, 2);
  assert.equal(bus.problems.length, 2);
});
