import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * crible's own folder on this machine: unpacked runtimes, labs, and the ledgers and pod logs of runs.
 * CRIBLE_HOME chooses another one.
 */
export function cribleHome(): string {
  const chosen = process.env['CRIBLE_HOME'];
  if (chosen) return chosen;
  return process.getuid?.() === 0 ? '/var/lib/crible' : join(homedir(), '.local', 'state', 'crible');
}

/** What one run keeps while it lives: its ledger and the log directories of its pods. */
export function runFolder(runId: string): string {
  return join(cribleHome(), 'runs', runId);
}
