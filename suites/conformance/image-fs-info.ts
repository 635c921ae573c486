import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { FilesystemUsage } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { sizedReference } from '../../src/kit/fixture-images.ts';
import { earliestNs } from './ask.ts';
import { afterNowNs, measuredMs, measuredTimeoutMs } from './usage.ts';

const mebibyte = 1024n * 1024n;
const laterNs = 2_000_000_000n;

export const cases = [
  defineCase({
    id: 'image/fs-info/file-systems',
    revision: 2,
    title: 'names the file systems that hold images by folders that exist, and tells what is used of them',
    level: 'required',
    rpcs: ['ImageFsInfo'],
    basis: [
      { kind: 'proto', text: 'FilesystemUsage: timestamp must be > 0, fs_id.mountpoint, used_bytes' },
      {
        kind: 'kubelet',
        text: 'takes an empty list for an error, and asks the kernel at the mount point for the size of the disk',
      },
    ],
    needs: ['host-files'],
    timeoutMs: measuredTimeoutMs,
    async run({ given, cri, expect, observe }) {
      await given.image('shell:1');
      const { imageFilesystems, containerFilesystems } = await expect.succeeds(
        'answers',
        cri.image.imageFsInfo({}),
        'ImageFsInfo',
      );
      expect.that('some', imageFilesystems.length > 0, 'image_filesystems', {
        expected: 'at least one',
        actual: imageFilesystems,
      });
      const all = [...imageFilesystems, ...containerFilesystems];
      const now = afterNowNs();
      const timeless = all.filter(({ timestamp }) => timestamp < earliestNs || timestamp > now);
      expect.equal<unknown>('time', timeless, [], 'file systems whose timestamp is no time until now in nanoseconds');
      const paths = all.map(({ fsId }) => fsId?.mountpoint ?? '');
      const absent = paths.filter((path) => !isAbsolute(path) || !existsSync(path));
      expect.equal('exists', absent, [], 'mount points that are no absolute paths of the host, or do not exist');
      const measured = await expect.eventually(
        'used',
        async () => (await cri.image.imageFsInfo({})).imageFilesystems,
        (systems) => systems.every(({ usedBytes }) => (usedBytes?.value ?? 0n) > 0n),
        'used_bytes of the image file systems is more than 0, for there is an image',
        { expected: 'more than 0 everywhere', withinMs: measuredMs },
      );
      const inodes = measured.map(({ inodesUsed }) => inodesUsed?.value);
      expect.that('inodes', !inodes.includes(0n), 'inodes_used of the image file systems, where it is told', {
        expected: 'more than 0',
        actual: inodes,
      });
      observe('image.fs-info', {
        container: containerFilesystems.length === 0 ? 'not told' : 'told',
        inodes: imageFilesystems.every(({ inodesUsed }) => inodesUsed) ? 'told' : 'not told',
      });
    },
  }),

  defineCase({
    id: 'image/fs-info/grows-by-pull',
    revision: 2,
    title: 'counts the layers of an image that was pulled as used',
    level: 'required',
    rpcs: ['ImageFsInfo', 'PullImage'],
    basis: [
      { kind: 'proto', text: 'FilesystemUsage.used_bytes: the bytes used for images on the file system' },
      { kind: 'kubelet', text: 'shows them as the image file system’s use, and compares them with what it frees' },
    ],
    needs: ['host-files'],
    locks: [{ scope: 'target', resource: 'image-store' }],
    timeoutMs: 3 * measuredTimeoutMs,
    async run({ given, cri, expect, target }) {
      await given.image('shell:1');
      // From our own registry images that nobody has pulled before; other registries have been given one of 8 MiB.
      const { loopback } = target.images;
      const names = loopback ? [1, 2, 3].map(() => sizedReference(1, 16 * 1024, randomUUID())) : ['compressible:1'];
      if (!loopback) await cri.image.removeImage({ image: { image: given.imageReference('compressible:1') } });
      const before = await expect.eventually(
        'before',
        () => cri.image.imageFsInfo({}),
        ({ imageFilesystems }) => usedBytes(imageFilesystems) > 0n,
        'used_bytes of the image file systems is more than 0, for there is an image',
        { expected: 'more than 0', withinMs: measuredMs },
      );
      let used = usedBytes(before.imageFilesystems);
      const seen: { readonly atLeast: bigint; readonly used: bigint }[] = [];
      // As much may be freed between two measurements: by a container that had written it, or by somebody else's.
      for (const name of names) {
        const image = { image: given.imageReference(name) };
        given.willPull(image.image);
        await expect.succeeds('pull', cri.image.pullImage({ image }), 'PullImage');
        const pulled = afterNowNs();
        const atLeast = used + 6n * mebibyte;
        const after = await expect.eventually(
          'measured-again',
          () => cri.image.imageFsInfo({}),
          // A measurement that was begun before the image was there may go on for a while after it.
          ({ imageFilesystems }) =>
            usedBytes(imageFilesystems) >= atLeast || oldest(imageFilesystems) >= pulled + laterNs,
          'the image file systems are measured after the pull',
          {
            expected: { notBefore: pulled },
            withinMs: measuredMs,
            actual: (answer) => answer.imageFilesystems.map(({ timestamp }) => timestamp),
          },
        );
        used = usedBytes(after.imageFilesystems);
        seen.push({ atLeast, used });
        if (used >= atLeast) break;
      }
      expect.that(
        'bytes',
        seen.some((one) => one.used >= one.atLeast),
        'used_bytes of the image file systems after one of the pulls, each of 8 MiB or more',
        { expected: 'used reaches atLeast after one of them', actual: seen },
      );
    },
  }),
];

function usedBytes(systems: readonly FilesystemUsage[]): bigint {
  return systems.reduce((sum, { usedBytes: used }) => sum + (used?.value ?? 0n), 0n);
}

function oldest(systems: readonly FilesystemUsage[]): bigint {
  return systems.reduce((time, { timestamp }) => (timestamp < time ? timestamp : time), systems[0]?.timestamp ?? 0n);
}
