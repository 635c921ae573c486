import assert from 'node:assert/strict';
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { ContainerConfigSchema, ContainerState, fromBinary } from '../cri/messages.ts';
import { Subject, withCode } from './testing.ts';

const subject = await Subject.start();
const { runtime } = subject.cri;
const pod = await subject.pod();

test('a checkpoint is an archive of what the container is, and the container runs on', async () => {
  const containerId = await subject.started(pod, { metadata: { name: 'main', attempt: 2 } });
  await runtime.execSync({ containerId, cmd: ['sh', '-c', 'echo kept > /tmp/file'] });
  const location = join(subject.logDirectory, 'checkpoint.tar');
  await runtime.checkpointContainer({ containerId, location });
  assert.equal(statSync(location).mode & 0o777, 0o600);
  const entries = new Map<string, Buffer>();
  for await (const entry of createReadStream(location).pipe(extract())) {
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(z.instanceof(Buffer).parse(piece));
    entries.set(entry.header.name, Buffer.concat(pieces));
  }
  assert.equal(entries.get('files/tmp/file')?.toString(), 'kept\n');
  assert.equal(z.object({ id: z.string() }).parse(JSON.parse(String(entries.get('config.dump')))).id, containerId);
  const config = fromBinary(ContainerConfigSchema, entries.get('container-config.pb') ?? Buffer.alloc(0));
  assert.equal(config.metadata?.attempt, 2);
  assert.equal((await subject.status(containerId)).state, ContainerState.CONTAINER_RUNNING);
});

test('a checkpoint is refused in the wrong state and at no place', async () => {
  const location = join(subject.logDirectory, 'refused.tar');
  const before = readdirSync(subject.logDirectory);
  const created = await subject.container(pod);
  await assert.rejects(runtime.checkpointContainer({ containerId: created, location }), withCode('FailedPrecondition'));
  const exited = await subject.started(pod, { command: ['true'] });
  await subject.exited(exited);
  await assert.rejects(runtime.checkpointContainer({ containerId: exited, location }), withCode('FailedPrecondition'));
  const containerId = await subject.started(pod);
  for (const [wrong, code] of [
    [{ containerId: 'f'.repeat(64), location }, 'NotFound'],
    [{ containerId }, 'InvalidArgument'],
    [{ containerId, location: 'relative.tar' }, 'InvalidArgument'],
    [{ containerId, location, timeout: -1n }, 'InvalidArgument'],
    [{ containerId, location: join(subject.logDirectory, 'no', 'such', 'folder.tar') }, 'Unknown'],
    // A folder.
    [{ containerId, location: subject.logDirectory }, 'Unknown'],
  ] as const) {
    await assert.rejects(runtime.checkpointContainer(wrong), withCode(code));
  }
  assert.deepEqual(readdirSync(subject.logDirectory), before);
  assert.equal(existsSync(`${subject.logDirectory}.unfinished`), false);
});
