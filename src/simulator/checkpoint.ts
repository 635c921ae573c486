import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { StatusError } from '../cri/handler.ts';
import { ContainerConfigSchema, toBinary } from '../cri/messages.ts';
import { messageOf } from '../model/error.ts';
import { nowNs, rfc3339Nano } from './clock.ts';
import type { Container } from './container.ts';

/**
 * Writes a checkpoint of a running container as a tar archive that only its owner can read, and lets the container run on. It
 * holds what the simulator has instead of a process's memory: the container's description, its configuration as a
 * ContainerConfig message, and its files. An archive that cannot be finished leaves nothing.
 * @throws StatusError FailedPrecondition unless the container runs, InvalidArgument when `location` is no absolute path, Unknown when it cannot be written.
 */
export async function writeCheckpoint(container: Container, location: string): Promise<void> {
  container.requireRunning('checkpointed');
  if (!isAbsolute(location))
    throw new StatusError('InvalidArgument', `location must be an absolute path: '${location}'`);
  const archive = pack();
  const { id, metadata, image, specification, config } = container;
  const { argv, surroundings } = specification;
  const description = {
    id,
    name: metadata.name,
    podSandboxId: container.podSandbox.id,
    image: image.name,
    argv,
    workingDirectory: surroundings.workingDirectory,
    checkpointedAt: rfc3339Nano(nowNs()),
  };
  archive.entry({ name: 'config.dump' }, `${JSON.stringify(description, undefined, 2)}\n`);
  archive.entry({ name: 'container-config.pb' }, Buffer.from(toBinary(ContainerConfigSchema, config)));
  for (const path of surroundings.files.paths) archive.entry({ name: `files${path}` }, surroundings.files.read(path));
  archive.finalize();
  const unfinished = `${location}.unfinished`;
  try {
    await pipeline(archive, createWriteStream(unfinished, { mode: 0o600 }));
    await rename(unfinished, location);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw new StatusError('Unknown', `failed to checkpoint container ${id}: ${messageOf(error)}`);
  }
}
