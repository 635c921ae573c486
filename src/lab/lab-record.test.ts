import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { thisProcess } from '../kit/process-identity.ts';
import { UsageError } from '../model/error.ts';
import { labName, labPlaces } from './lab-name.ts';
import { readRecord, recordedLabs, writeRecord, type LabRecord } from './lab-record.ts';
import { labOf } from './lab.ts';
import { listLabs, stopStaleLabs } from './labs.ts';

const record: LabRecord = {
  schemaVersion: 1,
  name: 'containerd.r1',
  runtime: 'containerd',
  owner: { kind: 'run', runId: 'r1' },
  starter: thisProcess(),
  bootId: 'another boot',
  since: '2026-01-01T00:00:00.000Z',
  busybox: '/bin/busybox',
  phase: 'starting',
};

describe('the record of a lab', () => {
  let home = '';
  const before = process.env['CRIBLE_HOME'];
  beforeEach(() => (process.env['CRIBLE_HOME'] = home = mkdtempSync(join(tmpdir(), 'crible-home-'))));
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
    if (before === undefined) delete process.env['CRIBLE_HOME'];
    else process.env['CRIBLE_HOME'] = before;
  });

  test('reads as it was written', () => {
    const places = labPlaces(record.name);
    assert.equal(readRecord(places), undefined);
    writeRecord(places, record);
    assert.deepEqual(readRecord(places), record);
    assert.deepEqual(
      recordedLabs().map((lab) => lab.places.name),
      ['containerd.r1'],
    );
  });

  test('one that is cut short is no record, and its lab is still known by name', () => {
    const places = labPlaces(record.name);
    writeRecord(places, record);
    writeFileSync(places.recordFile, '{"schemaVersion":1,"na');
    assert.equal(readRecord(places), undefined);
    assert.deepEqual(
      listLabs().map(({ name, state, owner }) => ({ name, state, owner })),
      [{ name: record.name, state: 'dead', owner: undefined }],
    );
  });

  test('of another boot belongs to nobody, although its process id lives', () => {
    writeRecord(labPlaces(record.name), record);
    const [lab] = listLabs();
    assert.equal(lab?.state, 'dead');
    assert.equal(lab.ownerAlive, false);
  });

  test('of a lab that did not come up is no lab', () => {
    assert.equal(labOf(record), undefined);
  });

  test('stale ones are removed', { skip: process.geteuid?.() !== 0 && 'needs root' }, async () => {
    writeRecord(labPlaces(record.name), record);
    assert.deepEqual(await stopStaleLabs(), [record.name]);
    assert.deepEqual(listLabs(), []);
  });
});

describe('the name of a lab', () => {
  test('says runtime, instance, version and run', () => {
    assert.equal(labName({ runtime: 'containerd' }), 'containerd');
    assert.equal(labName({ runtime: 'containerd', instance: '2', version: '1.7' }, 'r9'), 'containerd+2@1.7.r9');
    assert.throws(() => labName({ runtime: 'crio' }), UsageError);
  });

  test('leaves room in a socket path and an interface name, whatever its length', () => {
    const places = labPlaces(labName({ runtime: 'containerd', version: '1.7' }, 'r'.repeat(100)));
    assert.ok(Buffer.byteLength(`${places.socket}.ttrpc`) < 108);
    assert.ok(places.bridge.length <= 15);
    assert.notEqual(places.id, labPlaces('containerd').id);
  });
});
