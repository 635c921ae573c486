import { messageOf } from '../../model/error.ts';
import { absolute } from '../surroundings.ts';
import type { Surroundings } from '../surroundings.ts';
import type { CommandStreams } from './command.ts';
import { Exit } from './host.ts';
import { Input } from './input.ts';
import type { Redirect } from './syntax.ts';
import type { Word } from './tokens.ts';

/** Runs something with its streams redirected. Where a redirection fails it does not run, which is status 1. */
export async function redirecting(
  streams: CommandStreams,
  redirects: readonly Redirect[],
  surroundings: Surroundings,
  expand: (words: readonly Word[]) => Promise<readonly string[]>,
  run: (streams: CommandStreams) => Promise<number>,
): Promise<number> {
  let inner: CommandStreams;
  try {
    inner = await redirected(streams, redirects, surroundings, expand);
  } catch (problem) {
    if (problem instanceof Exit) throw problem;
    streams.error(Buffer.from(`sh: ${messageOf(problem)}\n`));
    return 1;
  }
  return run(inner);
}

/** The streams after the redirections, which take effect from left to right. */
async function redirected(
  streams: CommandStreams,
  redirects: readonly Redirect[],
  surroundings: Surroundings,
  expand: (words: readonly Word[]) => Promise<readonly string[]>,
): Promise<CommandStreams> {
  let { input, output, error } = streams;
  for (const { fd, mode, target } of redirects) {
    const name = (await expand([target])).join(' ');
    const path = absolute(name, surroundings);
    if (mode === '<') {
      input = Input.of(surroundings.files.read(path));
      continue;
    }
    const sink =
      mode !== '>&' ? fileSink(path, mode, surroundings) : name === '-' ? closed : name === '2' ? error : output;
    if (fd === 2) error = sink;
    else output = sink;
  }
  return { input, output, error };
}

function closed(): void {
  throw new Error('write error: Bad file descriptor');
}

function fileSink(path: string, mode: '>' | '>>', { files }: Surroundings): (bytes: Uint8Array) => void {
  if (path === '/dev/null') return () => undefined;
  if (mode === '>') files.truncate(path);
  else files.append(path, Buffer.alloc(0));
  return (bytes) => {
    files.append(path, bytes);
  };
}
