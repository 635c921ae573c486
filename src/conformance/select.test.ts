import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Case } from '../kit/case.ts';
import { selectCases } from './select.ts';

const cases = ['a/one', 'a/two', 'b/one'].map((id): Case => ({
  declaration: {
    ...{ id, revision: 1, title: id, level: 'required', rpcs: ['Version'], basis: [], needs: [], locks: [] },
    ...{ images: [], timeoutMs: 1 },
  },
  run: () => Promise.resolve(),
}));
const isNeeded = ({ id }: { readonly id: string }): boolean => id.startsWith('a/');

function selected(select: readonly string[], skip: readonly string[] = []): readonly string[] {
  return selectCases(cases, { select, skip, level: 'optional', isNeeded }).map(({ declaration }) => declaration.id);
}

test('asks what the purpose needs', () => {
  assert.deepEqual(selected([]), ['a/one', 'a/two']);
  assert.deepEqual(selected([], ['*/two']), ['a/one']);
});

test('asks the cases that are named, whatever the purpose', () => {
  assert.deepEqual(selected(['*/one']), ['a/one', 'b/one']);
});

test('a case may be left out that the purpose does not need anyway', () => {
  assert.deepEqual(selected([], ['b/**']), ['a/one', 'a/two']);
});
