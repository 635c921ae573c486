import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Ledger, recordedRuns } from './ledger.ts';
import { formatIdentity, isAlive, parseIdentity, thisProcess } from './process-identity.ts';
import { pulledImages, removeHostTraces } from './sweep.ts';

describe('Ledger', () => {
  const before_ = process.env['CRIBLE_HOME'];
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'crible-ledger-'));
    process.env['CRIBLE_HOME'] = home;
  });
  after(() => {
    if (before_ === undefined) delete process.env['CRIBLE_HOME'];
    else process.env['CRIBLE_HOME'] = before_;
    rmSync(home, { recursive: true });
  });

  it('gives back what was intended, in order, from any process that joins', () => {
    Ledger.create('run-a').intend({ kind: 'image', endpoint: 'unix:///r.sock', reference: 'h/first:1' });
    Ledger.join('run-a').intend({ kind: 'image', endpoint: 'unix:///r.sock', reference: 'h/i:1' });
    assert.deepEqual(
      Ledger.join('run-a')
        .read()
        .map(({ reference }) => reference),
      ['h/first:1', 'h/i:1'],
    );
    assert.deepEqual([...pulledImages('run-a', 'unix:///r.sock')], ['h/first:1', 'h/i:1']);
    assert.equal(pulledImages('run-a', 'unix:///other.sock').size, 0);
  });

  it('survives a line that a crash cut', () => {
    const ledger = Ledger.create('run-b');
    ledger.intend({ kind: 'image', endpoint: 'unix:///r.sock', reference: 'h/first:1' });
    appendFileSync(join(ledger.folder, 'ledger.ndjson'), '{"kind":"ima');
    assert.equal(ledger.read().length, 1);
  });

  it('knows whose run it is, and forgets a run whose traces are gone', () => {
    Ledger.create('run-c');
    const owner = recordedRuns().find(({ runId }) => runId === 'run-c')?.owner;
    assert.deepEqual(owner, thisProcess());
    removeHostTraces('run-c');
    assert.equal(
      recordedRuns().some(({ runId }) => runId === 'run-c'),
      false,
    );
  });
});

describe('ProcessIdentity', () => {
  it('reads back what a label holds', () => {
    assert.deepEqual(parseIdentity(formatIdentity(thisProcess())), thisProcess());
    assert.equal(parseIdentity('host/notanumber/1'), undefined);
    assert.equal(parseIdentity(''), undefined);
  });

  it('is not fooled by a process id that is used again', () => {
    assert.equal(isAlive(thisProcess()), true);
    assert.equal(isAlive({ ...thisProcess(), startTime: '1' }), false);
    assert.equal(isAlive({ ...thisProcess(), pid: 0x3fffff }), false);
  });

  it('leaves alone what belongs to another machine', () => {
    assert.equal(isAlive({ ...thisProcess(), host: 'elsewhere', pid: 0x3fffff }), true);
  });
});
