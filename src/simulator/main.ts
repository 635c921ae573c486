import { startSimulator } from './simulator.ts';

/**
 * The simulator as a process of its own, started by spawnSimulator. It serves for as long as its parent keeps the channel
 * open, so that it goes away however the parent ends. Ctrl-C on the terminal is the parent's business.
 */
const simulator = await startSimulator();

async function end(): Promise<void> {
  await simulator.close();
  if (process.connected) process.disconnect();
}

process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => void end());
process.once('disconnect', () => void end());
if (process.connected) process.send?.({ endpoint: simulator.endpoint });
else await end();
