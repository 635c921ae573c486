import { randomBytes } from 'node:crypto';

/** An id as runtimes give them to pod sandboxes and containers: 64 hexadecimal digits. */
export function newId(): string {
  return randomBytes(32).toString('hex');
}
