import { constants } from 'node:os';
import type { CommandStreams } from './command.ts';
import { Exit } from './host.ts';
import { Input } from './input.ts';
import type { Command, Script } from './syntax.ts';

/**
 * Runs commands side by side, each reading what the one before writes, and answers the status of the last. One that writes
 * when nobody reads any more ends as by SIGPIPE.
 */
export async function runPipeline(
  commands: Script,
  streams: CommandStreams,
  run: (command: Command, streams: CommandStreams) => Promise<number>,
): Promise<number> {
  const pipes = commands.map(() => new Input());
  const ended = new Set<number>();
  const statuses = await Promise.all(
    commands.map(async (command, place) => {
      const [input, pipe] = [pipes[place - 1] ?? streams.input, pipes[place]];
      const write = (bytes: Uint8Array): void => {
        if (ended.has(place + 1)) throw new Exit(128 + constants.signals.SIGPIPE);
        pipe?.push(bytes);
      };
      const output = place === commands.length - 1 ? streams.output : write;
      try {
        return await run(command, { ...streams, input, output });
      } finally {
        ended.add(place);
        pipe?.end();
      }
    }),
  );
  return statuses.at(-1) ?? 0;
}
