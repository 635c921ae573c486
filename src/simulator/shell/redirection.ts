import { absolute } from '../surroundings.ts';
import type { Surroundings } from '../surroundings.ts';
import type { CommandStreams } from './command.ts';
import type { Redirect } from './syntax.ts';
import type { Word } from './tokens.ts';

/** The streams of a command after its redirections, which take effect from left to right. */
export function redirected(
  streams: CommandStreams,
  redirects: readonly Redirect[],
  surroundings: Surroundings,
  expand: (word: Word) => readonly string[],
): CommandStreams {
  let { output, error } = streams;
  for (const { fd, mode, target } of redirects) {
    const name = expand(target).join(' ');
    const sink =
      mode === '>&' ? (name === '2' ? error : output) : fileSink(absolute(name, surroundings), mode, surroundings);
    if (fd === 1) output = sink;
    else error = sink;
  }
  return { ...streams, output, error };
}

function fileSink(path: string, mode: '>' | '>>', { files }: Surroundings): (bytes: Uint8Array) => void {
  if (path === '/dev/null') return () => undefined;
  if (mode === '>') files.truncate(path);
  return (bytes) => {
    files.append(path, bytes);
  };
}
