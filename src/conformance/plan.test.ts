import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Lock } from '../model/case.ts';
import { Backlog, type Job } from './plan.ts';

function declaration(index: number, locks: readonly Lock[]): Job['declaration'] {
  return {
    id: `a/${String(index)}`,
    revision: 1,
    title: 't',
    level: 'required',
    rpcs: ['Version'],
    basis: [{ kind: 'proto', text: 't' }],
    needs: [],
    locks: [...locks],
    images: [],
    timeoutMs: 1,
  };
}

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
      declaration: declaration(index, locks),
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

function groupsOf(all: readonly Job[]): readonly (readonly Job[])[] {
  const backlog = new Backlog(all);
  return Array.from({ length: backlog.size }, () => backlog.take() ?? []);
}

describe('Backlog', () => {
  it('hands out every job once', () => {
    fc.assert(
      fc.property(jobs, (all) => {
        const taken = groupsOf(all).flat();
        assert.equal(taken.length, all.length);
        assert.deepEqual(new Set(taken), new Set(all));
      }),
    );
  });

  it('never hands out two jobs apart that exclude each other', () => {
    fc.assert(
      fc.property(jobs, (all) => {
        const groups = groupsOf(all);
        for (const [index, group] of groups.entries()) {
          for (const other of groups.slice(index + 1)) {
            for (const a of group) for (const b of other) assert.equal(exclude(a, b), false);
          }
        }
      }),
    );
  });

  it('hands out jobs without locks one by one', () => {
    fc.assert(
      fc.property(jobs, (some) => {
        const free = some.map((job) => ({ ...job, declaration: { ...job.declaration, locks: [] } }));
        assert.deepEqual(
          groupsOf(free).map((group) => group.length),
          free.map(() => 1),
        );
      }),
    );
  });

  it('hands out first what may take longest, and what was put back before anything else', () => {
    const job = (id: string, timeoutMs: number): Job => ({
      endpoint: 'unix:///a',
      runtime: 'unix:///a',
      target: 'x',
      declaration: { ...declaration(0, []), id, timeoutMs },
    });
    const backlog = new Backlog([job('short', 1), job('long', 3), job('middle', 2)]);
    const first = backlog.take() ?? [];
    assert.deepEqual(
      first.map(({ declaration: { id } }) => id),
      ['long'],
    );
    backlog.putBack([]);
    backlog.putBack(first);
    assert.equal(backlog.take(), first);
    assert.equal(backlog.size, 2);
  });
});
