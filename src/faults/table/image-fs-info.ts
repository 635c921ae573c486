import type { FilesystemUsage, ImageFsInfoResponse } from '../../cri/messages.ts';
import { around } from '../break.ts';
import { answer } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What ImageFsInfo promises. */
export const imageFsInfoFaults: readonly Fault[] = [
  broken('empty', 'names a file system', ['file-systems#some'], (info) => {
    info.imageFilesystems = [];
  }),
  broken(
    'of-nothing',
    'tells what images use',
    ['file-systems#used', 'grows-by-pull#before'],
    ofFirst((system) => {
      if (system.usedBytes) system.usedBytes.value = 0n;
    }),
  ),
  broken(
    'of-no-folder',
    'names a folder that exists',
    ['file-systems#exists'],
    ofFirst((system) => {
      if (system.fsId) system.fsId.mountpoint = '/crible-has-no-such-folder';
    }),
  ),
  fault({
    name: 'image-fs-info-frozen',
    breaks: 'ImageFsInfo is measured again after a pull',
    kills: ['image/fs-info/grows-by-pull#measured-again'],
    rpcs: ['ImageFsInfo', 'PullImage'],
    how: () => {
      let last: ImageFsInfoResponse | undefined;
      let frozen: ImageFsInfoResponse | undefined;
      return [
        around('ImageFsInfo', (next) => async (asked, call) => (last = frozen ?? (await next(asked, call)))),
        around('PullImage', (next) => (asked, call) => {
          frozen = last;
          return next(asked, call);
        }),
      ];
    },
  }),
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
function broken(
  name: string,
  promise: string,
  kills: readonly string[],
  change: (info: ImageFsInfoResponse) => void,
): Fault {
  return fault({
    name: `image-fs-info-${name}`,
    breaks: `ImageFsInfo ${promise}`,
    kills: kills.map((kill) => `image/fs-info/${kill}`),
    how: answer('ImageFsInfo', change),
  });
}

function ofFirst(change: (system: FilesystemUsage) => void): (info: ImageFsInfoResponse) => void {
  return ({ imageFilesystems: [first] }) => {
    if (first) change(first);
  };
}
