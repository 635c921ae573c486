import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { binarySchema } from '../model/target.ts';
import { labPlaces, labsFolder, type LabPlaces } from './lab-name.ts';

const processSchema = z.object({ host: z.string(), pid: z.number().int(), startTime: z.string() });

/** What is known of a lab that runs. */
const runningSchema = z.object({
  endpoint: z.string(),
  runtimeVersion: z.string(),
  handlers: z.array(z.string()),
  registry: z.object({ address: z.string(), pid: z.number().int() }),
  daemon: z.object({ pid: z.number().int(), cgroups: z.record(z.string(), z.string()) }),
  subnet: z.string(),
  limits: z.array(z.string()),
  provenance: z.array(binarySchema),
});

/** lab.json: written before anything of the lab is made, removed after everything else of it. */
const labRecordSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string(),
  runtime: z.string(),
  owner: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('user') }),
      z.object({ kind: z.literal('run'), runId: z.string() }),
    ])
    .describe('who decides when it ends: the user, or the run that it was started for'),
  starter: processSchema.describe('the process that started it; for a run, the owner'),
  bootId: z.string().describe('after a reboot nothing of the lab runs, whatever has its process ids now'),
  since: z.iso.datetime(),
  busybox: z.string().describe('program that takes down what needs mount or ip'),
  phase: z.enum(['starting', 'running', 'stopping']),
  running: runningSchema.optional(),
});
export type LabRecord = z.infer<typeof labRecordSchema>;

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** @returns undefined when there is no record, or one that a crash left unreadable: its lab is then known by name only */
export function readRecord(places: LabPlaces): LabRecord | undefined {
  try {
    return labRecordSchema.parse(JSON.parse(readFileSync(places.recordFile, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Replaces the record in one step, so that no reader and no crash sees half of it. */
export function writeRecord(places: LabPlaces, record: LabRecord): void {
  mkdirSync(places.folder, { recursive: true, mode: 0o755 });
  writeFileSync(`${places.recordFile}.new`, JSON.stringify(record, null, 1));
  renameSync(`${places.recordFile}.new`, places.recordFile);
}

/** The places of every lab that has a folder, with its record where that can be read. */
export function recordedLabs(): readonly { readonly places: LabPlaces; readonly record: LabRecord | undefined }[] {
  let names: readonly string[];
  try {
    names = readdirSync(labsFolder());
  } catch {
    return [];
  }
  return names.map(labPlaces).map((places) => ({ places, record: readRecord(places) }));
}
