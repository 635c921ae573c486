import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slopeOverPods } from './slope.ts';

/** NIST Statistical Reference Datasets, linear regression, Norris (certified values of the StRD page). */
const norris: readonly (readonly [y: number, x: number])[] = [
  ...([
    [0.1, 0.2],
    [338.8, 337.4],
    [118.1, 118.2],
    [888.0, 884.6],
    [9.2, 10.1],
    [228.1, 226.5],
  ] as const),
  ...([
    [668.5, 666.3],
    [998.5, 996.3],
    [449.1, 448.6],
    [778.9, 777.0],
    [559.2, 558.2],
    [0.3, 0.4],
  ] as const),
  ...([
    [0.1, 0.6],
    [778.1, 775.5],
    [668.8, 666.9],
    [339.3, 338.0],
    [448.9, 447.5],
    [10.8, 11.6],
  ] as const),
  ...([
    [557.7, 556.0],
    [228.3, 228.1],
    [998.0, 995.8],
    [888.8, 887.6],
    [119.6, 120.2],
    [0.3, 0.3],
  ] as const),
  ...([
    [0.6, 0.3],
    [557.6, 556.8],
    [339.3, 339.1],
    [888.0, 887.2],
    [998.5, 999.0],
    [778.9, 779.0],
  ] as const),
  ...([
    [10.2, 11.1],
    [117.6, 118.3],
    [228.9, 229.2],
    [668.4, 669.1],
    [449.2, 448.9],
    [0.2, 0.5],
  ] as const),
];

test('slope and standard error are those that NIST certifies for Norris', () => {
  const slope = slopeOverPods(norris.map(([y, x]) => ({ pods: x, bytes: y })));
  assert.ok(slope);
  assert.ok(Math.abs(slope.bytesPerPod - 1.00211681802045) < 1e-12, String(slope.bytesPerPod));
  assert.ok(Math.abs((slope.standardError ?? 0) - 0.429796848199937e-3) < 1e-14, String(slope.standardError));
  assert.ok(Math.abs(slope.atNoPods - -0.262323073774029) < 1e-11, String(slope.atNoPods));
});

test('two points have a slope and no error, one number of pods has neither', () => {
  const points = [
    { pods: 0, bytes: 100 },
    { pods: 10, bytes: 300 },
  ];
  assert.deepEqual(slopeOverPods(points), { bytesPerPod: 20, standardError: null, atNoPods: 100 });
  assert.equal(slopeOverPods([]), undefined);
  assert.equal(
    slopeOverPods([
      { pods: 5, bytes: 1 },
      { pods: 5, bytes: 2 },
    ]),
    undefined,
  );
});
