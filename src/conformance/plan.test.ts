import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Lock } from '../model/case.ts';
import { planLanes, type Job } from './plan.ts';

const lock: fc.Arbitrary<Lock> = fc.record({
  scope: fc.constantFrom('target', 'host'),
  resource: fc.constantFrom('image-store', 'events', 'host-port', 'kernel'),
});
const jobs: fc.Arbitrary<Job[]> = fc
  .array(
    fc.record({
      endpoint: fc.constantFrom('unix:///a', 'unix:///b'),
      runtime: fc.constantFrom('unix:///a', 'unix:///b'),
      target: fc.constantFrom('x', 'y'),
      locks: fc.array(lock, { maxLength: 2 }),
    }),
    { maxLength: 40 },
  )
  .map((items) =>
    items.map(({ endpoint, runtime, target, locks }, index) => ({
      endpoint,
      runtime,
      target,
      declaration: {
        id: `a/${String(index)}`,
        revision: 1,
        title: 't',
        level: 'required',
        rpcs: ['Version'],
        basis: [{ kind: 'proto', text: 't' }],
        needs: [],
        locks,
        images: [],
        timeoutMs: 1,
      },
    })),
  );

/** Written from the words of design decision 4, not from the plan. */
function exclude(a: Job, b: Job): boolean {
  return a.declaration.locks.some((mine) =>
    b.declaration.locks.some(
      (theirs) =>
        mine.resource === theirs.resource &&
        (mine.scope === 'host' || theirs.scope === 'host' || a.runtime === b.runtime),
    ),
  );
}

describe('planLanes', () => {
  it('plans every job once', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 6 }), (all, count) => {
        const planned = planLanes(all, count).flat();
        assert.equal(planned.length, all.length);
        assert.deepEqual(new Set(planned), new Set(all));
      }),
    );
  });

  it('never runs two jobs side by side that exclude each other', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 6 }), (all, count) => {
        const lanes = planLanes(all, count);
        assert.ok(lanes.length <= count);
        for (const [index, lane] of lanes.entries()) {
          for (const other of lanes.slice(index + 1)) {
            for (const a of lane) for (const b of other) assert.equal(exclude(a, b), false);
          }
        }
      }),
    );
  });

  it('spreads jobs without locks evenly', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 6 }), (some, count) => {
        const free = some.map((job) => ({ ...job, declaration: { ...job.declaration, locks: [] } }));
        const sizes = planLanes(free, count).map((lane) => lane.length);
        assert.ok(Math.max(0, ...sizes) - Math.min(...sizes, Math.max(0, ...sizes)) <= 1);
        assert.equal(sizes.length, Math.min(count, free.length));
      }),
    );
  });
});
