import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from './error.ts';
import { closest, matches, requireMatches } from './glob.ts';

const ids = [
  'container/stop/is-idempotent',
  'log/record/format',
  'pod-sandbox/run/is-ready-at-once',
  'pod-sandbox/stop/twice',
  'pod-sandbox/stop/unknown-id',
];

describe('glob', () => {
  it('keeps * within a segment and lets ** cross them', () => {
    assert.equal(matches('pod-sandbox/*', 'pod-sandbox/stop/twice'), false);
    assert.equal(matches('pod-sandbox/**', 'pod-sandbox/stop/twice'), true);
    assert.equal(matches('*/stop/*', 'pod-sandbox/stop/twice'), true);
    assert.equal(matches('pod-sandbox/stop/twice', 'pod-sandbox/stop/twice'), true);
  });

  it('refuses one that selects nothing, and names what comes closest', () => {
    assert.throws(
      () => {
        requireMatches(['log/**', 'pod-sandbox/stip/**'], ids, 'case');
      },
      (error) =>
        error instanceof UsageError &&
        error.message.includes("'pod-sandbox/stip/**' matches no case") &&
        error.advice.includes('pod-sandbox/stop/twice'),
    );
  });

  it('takes a misspelt id for the one that it is closest to', () => {
    assert.equal(closest('pod-sandbox/stop/unkown-id', ids)[0], 'pod-sandbox/stop/unknown-id');
    assert.equal(closest('logs/**', ids)[0], 'log/record/format');
  });
});
