import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdingsOfProcess, memoryOfProcess, parseSmapsRollup } from './process-memory.ts';

/** The fields that count, in kB, as the kernel writes them. */
function rollup(fields: Readonly<Record<string, number>>): string {
  const lines = Object.entries(fields).map(([name, kB]) => `${`${name}:`.padEnd(16)}${String(kB).padStart(8)} kB`);
  return ['00400000-7ffd7b1f2000 ---p 00000000 00:00 0                          [rollup]', ...lines, ''].join('\n');
}

const kB = 1024;

describe('memory of a process', () => {
  test('of a containerd shim: its anonymous pages are its private ones and count once', () => {
    // containerd-shim-runc-v2 1.6.20, one of four.
    const memory = parseSmapsRollup(
      rollup({
        Rss: 13468,
        Pss: 5136,
        Pss_Dirty: 2644,
        Pss_Anon: 2644,
        Pss_File: 2492,
        Shared_Clean: 10760,
        Shared_Dirty: 0,
        Private_Clean: 64,
        Private_Dirty: 2644,
        Anonymous: 2644,
      }),
    );
    assert.deepEqual(memory, {
      rssBytes: 13468 * kB,
      pssBytes: 5136 * kB,
      privateBytes: 2708 * kB,
      pssAnonBytes: 2644 * kB,
      writtenBytes: 2644 * kB,
    });
  });

  test('of the only shim: its program is private now and was never written', () => {
    const memory = parseSmapsRollup(
      rollup({ Rss: 13468, Pss: 10200, Pss_Anon: 2644, Private_Clean: 7500, Private_Dirty: 2644, Anonymous: 2644 }),
    );
    assert.equal(memory?.privateBytes, 10144 * kB);
    assert.equal(memory.writtenBytes, 2644 * kB);
  });

  test('anonymous pages shared with a forked child count by half, beside the private ones', () => {
    // 1000 kB private, 600 kB shared by two, 50 kB of a private file.
    const memory = parseSmapsRollup(
      rollup({ Rss: 1650, Pss: 1350, Pss_Anon: 1300, Private_Clean: 50, Private_Dirty: 1000, Anonymous: 1600 }),
    );
    assert.equal(memory?.writtenBytes, 1300 * kB);
  });

  test('never less than either part, nor more than both', () => {
    for (const [Pss_Anon, Private_Dirty, Anonymous] of [
      [100, 0, 1000],
      [1000, 1000, 1000],
      [10, 500, 10],
      [0, 0, 0],
    ] as const) {
      const memory = parseSmapsRollup(rollup({ Rss: 1, Pss: 1, Pss_Anon, Private_Clean: 7, Private_Dirty, Anonymous }));
      assert.ok(memory);
      assert.ok(memory.writtenBytes >= Math.max(Private_Dirty * kB, memory.pssAnonBytes));
      assert.ok(memory.writtenBytes <= Private_Dirty * kB + memory.pssAnonBytes);
    }
  });

  test('of a kernel that does not tell Pss_Anon, of a zombie and of nobody: unknown', () => {
    assert.equal(
      parseSmapsRollup(rollup({ Rss: 1, Pss: 1, Private_Clean: 1, Private_Dirty: 1, Anonymous: 1 })),
      undefined,
    );
    assert.equal(parseSmapsRollup(''), undefined);
    assert.equal(memoryOfProcess(2 ** 30), undefined);
    assert.equal(holdingsOfProcess(2 ** 30), undefined);
  });

  test('our own', { skip: process.platform !== 'linux' && 'needs Linux' }, () => {
    const memory = memoryOfProcess(process.pid);
    const holdings = holdingsOfProcess(process.pid);
    assert.ok(memory && holdings);
    assert.ok(memory.pssBytes <= memory.rssBytes && memory.writtenBytes <= memory.rssBytes);
    assert.ok(holdings.threads > 1 && (holdings.descriptors ?? 0) > 3);
    const buffer = Buffer.alloc(64 * 2 ** 20, 1);
    const more = memoryOfProcess(process.pid);
    assert.ok((more?.writtenBytes ?? 0) - memory.writtenBytes > 0.9 * buffer.length);
  });
});
