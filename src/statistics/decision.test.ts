import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf, valuesToDecide } from './decision.ts';

const narrow = { threshold: 0.02, margin: 0.02 };

test('an interval is placed only when all of it is there', () => {
  assert.equal(placeOf({ low: 0.03, high: 0.2 }, 0.02), 'above');
  assert.equal(placeOf({ low: -0.2, high: -0.03 }, 0.02), 'below');
  assert.equal(placeOf({ low: -0.01, high: 0.01 }, 0.02), 'inside');
  for (const interval of [
    { low: 0.01, high: 0.2 },
    { low: 0.02, high: 0.2 },
    { low: -0.2, high: 0 },
    { low: -0.2, high: 0.2 },
    { low: -0.01, high: 0.02 },
  ]) {
    assert.equal(placeOf(interval, 0.02), 'across', JSON.stringify(interval));
  }
});

test('four times the values halve an interval', () => {
  // 0.06 away from the zone with arms of 0.12: half of it is enough.
  const beyond = { estimate: 0.08, interval: { low: -0.04, high: 0.2 } };
  assert.equal(valuesToDecide(20, beyond, { beyond: beyond.interval, inside: beyond.interval }, narrow), 80);
  const below = { estimate: -0.08, interval: { low: -0.2, high: 0.04 } };
  assert.equal(valuesToDecide(20, below, { beyond: below.interval, inside: below.interval }, narrow), 80);
  // In the middle of the zone with arms of twice its width; the corrected interval does not matter.
  const inside = { low: -0.04, high: 0.04 };
  assert.equal(valuesToDecide(20, { estimate: 0 }, { beyond: { low: -9, high: 9 }, inside }, narrow), 80);
});

test('what is nearer decides: a difference to be claimed, or none that matters', () => {
  // Arms of 1 about 0.5: a quarter of them reaches no further than 0.25, an eighth stays within 0.625, a half within 1.
  const interval = { low: -0.5, high: 1.5 };
  const intervals = { beyond: interval, inside: interval };
  assert.equal(valuesToDecide(16, { estimate: 0.5 }, intervals, { threshold: 0.25, margin: 0.625 }), 256);
  assert.equal(valuesToDecide(16, { estimate: 0.5 }, intervals, { threshold: 0.375, margin: 1 }), 64);
});

test('nothing decides about an estimate on the edge of both', () => {
  const interval = { low: 0, high: 0.04 };
  assert.equal(valuesToDecide(20, { estimate: 0.02 }, { beyond: interval, inside: interval }, narrow), Infinity);
});
