import { randomBytes } from 'node:crypto';

/** Short and sortable by time: `20261123-121314-ab12`, in UTC. It names cgroups, labels and folders. */
export function newRunId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}
