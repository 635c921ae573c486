import type { FilesystemUsage, ImageFsInfoResponse } from '../../cri/messages.ts';
import { answer } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What ImageFsInfo promises. */
export const imageFsInfoFaults: readonly Fault[] = [
  broken('empty', 'names a file system', 'some', (info) => {
    info.imageFilesystems = [];
  }),
  broken(
    'without-time',
    'has the time of the measurement',
    'time',
    ofFirst((system) => {
      system.timestamp = 0n;
    }),
  ),
  broken(
    'of-nothing',
    'tells what images use',
    'used',
    ofFirst((system) => {
      if (system.usedBytes) system.usedBytes.value = 0n;
    }),
  ),
  broken(
    'of-no-folder',
    'names a folder that exists',
    'exists',
    ofFirst((system) => {
      if (system.fsId) system.fsId.mountpoint = '/crible-has-no-such-folder';
    }),
  ),
  fault({
    name: 'image-fs-info-without-layers',
    breaks: 'ImageFsInfo counts the layers of images',
    kills: ['image/fs-info/grows-by-pull#bytes'],
    how: answer('ImageFsInfo', ({ imageFilesystems }) => {
      for (const system of imageFilesystems) {
        system.timestamp = BigInt(Date.now()) * 1_000_000n;
        if (system.usedBytes) system.usedBytes.value = 40_000n;
      }
    }),
  }),
];

/** ImageFsInfo answers something else. */
function broken(name: string, promise: string, key: string, change: (info: ImageFsInfoResponse) => void): Fault {
  return fault({
    name: `image-fs-info-${name}`,
    breaks: `ImageFsInfo ${promise}`,
    kills: [`image/fs-info/file-systems#${key}`],
    how: answer('ImageFsInfo', change),
  });
}

function ofFirst(change: (system: FilesystemUsage) => void): (info: ImageFsInfoResponse) => void {
  return ({ imageFilesystems: [first] }) => {
    if (first) change(first);
  };
}
