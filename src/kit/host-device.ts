import { closeSync, openSync, statSync } from 'node:fs';
import type { Feature } from '../model/target.ts';

/** Opened by anybody who may, to no effect, and among the devices that every container is given by no OCI runtime. */
const candidates = ['/dev/fuse', '/dev/loop-control', '/dev/autofs', '/dev/vhost-net'];

/** A device of this machine that containers have only when they ask for it; undefined where there is none that we may open. */
export function hostDevice(): string | undefined {
  return candidates.find((path) => isDevice(path) && opens(path, 'r') && opens(path, 'r+'));
}

/** Whether this machine has such a device; it is the runtime's where the runtime's processes are this machine's. */
export function probeHostDevice(): Feature {
  const device = hostDevice();
  const detail =
    device === undefined ? `none of ${candidates.join(', ')} can be opened here` : `${device} can be opened`;
  return { name: 'host-device', present: device !== undefined, detail };
}

function isDevice(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isCharacterDevice() ?? false;
}

function opens(path: string, flags: 'r' | 'r+'): boolean {
  try {
    closeSync(openSync(path, flags));
    return true;
  } catch {
    return false;
  }
}
