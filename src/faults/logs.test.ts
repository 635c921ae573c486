import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { StatusError } from '../cri/handler.ts';
import type { Handlers } from '../cri/handler.ts';
import type { CriClient } from '../cri/client.ts';
import type { Break } from './break.ts';
import { logs, neverReopensLogs } from './logs.ts';
import { proxied } from './testing.ts';

const record = (text: string, stream = 'stdout', tag = 'F'): string =>
  `2026-01-01T00:00:00.000000001Z ${stream} ${tag} ${text}\n`;

/** A runtime with one container, which writes a record to its log at every ExecSync and makes a new file at every reopening. */
class Writer {
  #path = '';
  readonly directory = mkdtempSync(join(tmpdir(), 'crible-logs-test-'));
  readonly log = join(this.directory, 'a', '0.log');
  running = true;

  readonly runtime: Handlers['runtime'] = {
    runPodSandbox: () => Promise.resolve({ podSandboxId: 'pod' }),
    removePodSandbox: () => Promise.resolve({}),
    createContainer: ({ config, sandboxConfig }) => {
      this.#path = join(sandboxConfig?.logDirectory ?? '', config?.logPath ?? '');
      return Promise.resolve({ containerId: 'container' });
    },
    execSync: ({ cmd }) => {
      appendFileSync(this.#path, cmd.join(''));
      return Promise.resolve({});
    },
    containerStatus: () => Promise.resolve({ status: { logPath: this.#path } }),
    reopenContainerLog: () => {
      if (!this.running) return Promise.reject(new StatusError('FailedPrecondition', 'not running'));
      appendFileSync(this.#path, '');
      return Promise.resolve({});
    },
  };

  /** @param breaks what stands between it and the client */
  async start(
    breaks: readonly Break[],
  ): Promise<{ readonly cri: CriClient; readonly write: (text: string) => Promise<void> }> {
    after(() => {
      rmSync(this.directory, { recursive: true });
    });
    const { cri } = await proxied(breaks, this.runtime);
    const sandboxConfig = { logDirectory: this.directory };
    await cri.runtime.runPodSandbox({ config: sandboxConfig });
    mkdirSync(join(this.directory, 'a'));
    await cri.runtime.createContainer({ podSandboxId: 'pod', config: { logPath: 'a/0.log' }, sandboxConfig });
    return {
      cri,
      write: async (text) => {
        await cri.runtime.execSync({ containerId: 'container', cmd: [text] });
      },
    };
  }

  get written(): string {
    return readFileSync(this.log, 'latin1');
  }
}

test('records pass, are changed, lost or replaced by bytes before the call that wrote them is answered', async () => {
  const writer = new Writer();
  const { cri, write } = await writer.start(
    logs(() => (one, place) => {
      if (place === 1) return [];
      if (place === 2) return Buffer.from('no record\n');
      return place === 3 ? [one, { ...one, stream: 'stderr', tags: ['P'] }] : one;
    }),
  );
  await write(record('a\x80') + record('lost') + record('garbled') + record('twice'));
  await write('2026');
  const expected = `${record('a\x80')}no record\n${record('twice')}${record('twice', 'stderr', 'P')}`;
  assert.equal(writer.written, Buffer.from(expected).toString('latin1'));
  const { status } = await cri.runtime.containerStatus({ containerId: 'container' });
  assert.equal(status?.logPath, writer.log);
});

test('what a log remembers is its own', async () => {
  const writer = new Writer();
  const { write } = await writer.start(
    logs(() => {
      let last = '';
      return (one) => {
        const repeated = one.content.toString() === last;
        last = one.content.toString();
        return repeated ? [] : one;
      };
    }),
  );
  await write(record('a') + record('a'));
  await write(record('a') + record('b'));
  assert.equal(writer.written, record('a') + record('b'));
});

test('a log that is reopened goes on in a new file, without losing a record', async () => {
  const writer = new Writer();
  const { cri, write } = await writer.start(logs(() => (one) => one));
  await write(record('before'));
  renameSync(writer.log, `${writer.log}.1`);
  await write(record('between'));
  await cri.runtime.reopenContainerLog({ containerId: 'container' });
  assert.equal(writer.written, '');
  await write(record('after'));
  assert.equal(readFileSync(`${writer.log}.1`, 'utf8'), record('before') + record('between'));
  assert.equal(writer.written, record('after'));
});

test('a refusal to reopen changes nothing', async () => {
  const writer = new Writer();
  const { cri, write } = await writer.start(logs(() => (one) => one));
  await write(record('before'));
  renameSync(writer.log, `${writer.log}.1`);
  writer.running = false;
  await assert.rejects(cri.runtime.reopenContainerLog({ containerId: 'container' }), { code: 'FailedPrecondition' });
  assert.equal(existsSync(writer.log), false);
});

test('a log that is never reopened goes on in the old file', async () => {
  const writer = new Writer();
  const { cri, write } = await writer.start(neverReopensLogs());
  await write(record('before'));
  renameSync(writer.log, `${writer.log}.1`);
  await cri.runtime.reopenContainerLog({ containerId: 'container' });
  await write(record('after'));
  assert.equal(readFileSync(`${writer.log}.1`, 'utf8'), record('before') + record('after'));
  assert.equal(existsSync(writer.log), false);
});
