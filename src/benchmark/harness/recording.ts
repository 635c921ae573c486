import { LatencyHistogram } from '../latency-histogram.ts';

/** What it costs to record a latency. */
export interface RecordingCost {
  /** Of CPU time, which other processes on the machine do not add to. */
  readonly nsPerSample: number;
  /** What a million samples leave on the heap and in buffers, after garbage collection. */
  readonly grownBytes: number;
}

const samples = 1_000_000;

/** Records a million latencies, after as many to warm up. The process is to run with --expose-gc. */
export function measureRecording(): RecordingCost {
  const durationsNs = Float64Array.from({ length: samples }, (_, at) => 50_000 + ((at * 7919) % 5_000_011));
  recordAll(durationsNs);
  const before = usedBytes();
  const cpuBefore = process.cpuUsage();
  const histogram = recordAll(durationsNs);
  const { user, system } = process.cpuUsage(cpuBefore);
  const grownBytes = usedBytes() - before;
  if (histogram.count !== samples) throw new Error('samples were lost');
  return { nsPerSample: ((user + system) * 1000) / samples, grownBytes };
}

function recordAll(durationsNs: Float64Array): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const durationNs of durationsNs) histogram.record(durationNs);
  return histogram;
}

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
