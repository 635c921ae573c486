import { questionSchema, startSchema } from './parent-channel.ts';
import type { Report } from './parent-channel.ts';
import { startSimulator } from './simulator.ts';

/**
 * The simulator as a process of its own, started by spawnSimulator. It serves for as long as its parent keeps the channel
 * open, so that it goes away however the parent ends. Ctrl-C on the terminal is the parent's business.
 */
const simulator = await startSimulator(startSchema.parse(JSON.parse(process.argv[2] ?? '{}')));

async function end(): Promise<void> {
  await simulator.close();
  if (process.connected) process.disconnect();
}

function report(report: Report): void {
  process.send?.(report);
}

process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => void end());
process.once('disconnect', () => void end());
process.on('message', (message) => {
  const { id, delaysOf } = questionSchema.parse(message);
  report({ id, delaysNs: [...simulator.delaysGiven(delaysOf)] });
});
if (process.connected) report({ endpoint: simulator.endpoint });
else await end();
