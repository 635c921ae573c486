import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { UsageError } from '../model/error.ts';
import { needsInterpreter } from './busybox.ts';
import { findContainerdBinaries } from './binaries.ts';
import { waitUntilReady } from './daemon.ts';
import { handlerFlaw } from './handler-fitness.ts';
import { LabError, type LabProblem } from './lab-error.ts';
import { startLab } from './start-lab.ts';

function isProblem(kind: LabProblem, ...words: readonly string[]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof LabError, String(error));
    assert.equal(error.kind, kind);
    for (const word of words) assert.ok(`${error.message} ${error.advice}`.includes(word), `${error.message}: ${word}`);
    return true;
  };
}

/** Runs a check while a property of `process` has another value. */
async function pretending(key: 'geteuid' | 'platform', value: unknown, check: () => Promise<void>): Promise<void> {
  const real = Object.getOwnPropertyDescriptor(process, key);
  assert.ok(real);
  Object.defineProperty(process, key, { ...real, value });
  try {
    await check();
  } finally {
    Object.defineProperty(process, key, real);
  }
}

describe('what keeps a lab from starting is said', () => {
  const { PATH: path, CRIBLE_HOME: home } = process.env;
  let folder = '';
  beforeEach(() => (process.env['CRIBLE_HOME'] = folder = mkdtempSync(join(tmpdir(), 'crible-start-'))));
  afterEach(() => {
    process.env['PATH'] = path;
    if (home === undefined) delete process.env['CRIBLE_HOME'];
    else process.env['CRIBLE_HOME'] = home;
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (runtime: string): Promise<unknown> => startLab({ runtime }, { owner: 'user' });

  test('not root', { skip: process.platform !== 'linux' }, async () => {
    await pretending(
      'geteuid',
      () => 1000,
      () => assert.rejects(start('containerd'), isProblem('not-root', 'sim:')),
    );
  });

  test('not Linux', async () => {
    await pretending('platform', 'darwin', () =>
      assert.rejects(start('containerd'), isProblem('not-linux', 'darwin', 'sim:')),
    );
  });

  test('a runtime that there is no lab for', { skip: process.geteuid?.() !== 0 && 'needs root' }, async () => {
    await assert.rejects(start('crio'), (error) => error instanceof UsageError && error.message.includes("'crio'"));
  });

  test('no programs, and no apt-get to fetch them with', async () => {
    process.env['PATH'] = '';
    await assert.rejects(findContainerdBinaries('0.0', {}), isProblem('no-binaries', 'containerd 0.0', 'PATH'));
  });

  test('the daemon ends at once: its last words are shown', async () => {
    const logFile = join(folder, 'containerd.log');
    writeFileSync(logFile, 'first\ncontainerd: invalid configuration\n');
    const daemon = { pid: 1, logFile, exited: () => 'exit code 1' };
    await assert.rejects(
      waitUntilReady(daemon, join(folder, 'no.sock')),
      isProblem('daemon-exited', 'exit code 1', 'invalid configuration'),
    );
  });

  test('the daemon does not become ready in time', async () => {
    const daemon = { pid: 1, logFile: join(folder, 'none.log'), exited: () => undefined };
    await assert.rejects(
      waitUntilReady(daemon, join(folder, 'no.sock'), { timeoutMs: 50 }),
      isProblem('daemon-not-ready', 'its socket does not exist yet'),
    );
    const aborted = AbortSignal.abort();
    await assert.rejects(waitUntilReady(daemon, folder, { signal: aborted }), isProblem('aborted'));
  });
});

test('a crun that refuses what a later containerd writes is no handler', () => {
  const binary = (name: string, version: string) => ({ name, version, path: `/${name}`, from: 'PATH' });
  const flaw = (crun: string, containerd: string): string | undefined =>
    handlerFlaw(binary('crun', crun), binary('containerd', containerd));
  assert.match(flaw('1.8.1-1+deb12u1', '1.7.24~ds1-6') ?? '', /^no handler crun: crun 1\.8\.1 /);
  assert.match(flaw('1.8.1', '2.1.9+unknown') ?? '', /containerd 2\.1\.9/);
  assert.equal(flaw('1.8.1', '1.6.20~ds1'), undefined);
  assert.equal(flaw('1.21', '2.1.9'), undefined);
  assert.equal(handlerFlaw(binary('runc', '1.1.5'), binary('containerd', '2.1.9')), undefined);
});

test('static programs are told from dynamic ones by their program headers', () => {
  const elf = (type: number): Buffer => {
    const bytes = Buffer.alloc(64 + 56);
    bytes.write('\x7fELF', 'latin1');
    bytes[4] = 2;
    bytes.writeBigUInt64LE(64n, 32);
    bytes.writeUInt16LE(56, 54);
    bytes.writeUInt16LE(1, 56);
    bytes.writeUInt32LE(type, 64);
    return bytes;
  };
  assert.equal(needsInterpreter(elf(1)), false);
  assert.equal(needsInterpreter(elf(3)), true);
  assert.equal(needsInterpreter(Buffer.from('#!/bin/sh')), true);
});
