import { z } from 'zod';
import { messageOf } from '../../model/error.ts';
import type { OutputSinks } from '../process.ts';
import type { Session } from '../session.ts';
import { channels } from './channels.ts';
import type { Channels } from './channels.ts';
import { statusOfExit, statusOfFailure } from './status.ts';

/** What of a remote command was asked for. */
export interface RemoteCommand {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
  /** Throws when it cannot be had any more. */
  readonly open: (sinks: OutputSinks) => Session;
}

/** Written by Go without field names of its own: {"Width":80,"Height":24}. */
const resizeSchema = z.object({ Width: z.number().int().nonnegative(), Height: z.number().int().nonnegative() });

/**
 * Connects a command's standard streams to channels. The first message, on the first output channel and empty, says that they
 * are connected; the last one, on the error channel, how the command ended; then the connection is closed.
 */
export async function serveRemoteCommand(command: RemoteCommand, connection: Channels): Promise<void> {
  const { stdin, stdout, stderr, tty } = command;
  const sink = (asked: boolean, number: number) => (bytes: Uint8Array) => {
    if (asked) connection.send(number, bytes);
  };
  let status: Buffer;
  try {
    connection.send(stdout ? channels.stdout : stderr ? channels.stderr : channels.error, new Uint8Array());
    const session = command.open({ output: sink(stdout, channels.stdout), error: sink(stderr, channels.stderr) });
    connection.listen({
      data: (number, bytes) => {
        if (number === channels.stdin && stdin) session.write(bytes);
        else if (number === channels.resize && tty) resize(session, bytes);
      },
      closed: (number) => {
        if (number === channels.stdin && stdin) session.endInput();
      },
      gone: session.leave,
    });
    status = statusOfExit(await session.ended);
  } catch (error) {
    status = statusOfFailure(messageOf(error));
  }
  connection.send(channels.error, status);
  connection.close();
}

/** What is no size is passed over, as by runtimes. */
function resize(session: Session, bytes: Uint8Array): void {
  try {
    const { Width, Height } = resizeSchema.parse(JSON.parse(Buffer.from(bytes).toString()));
    session.resize({ rows: Height, columns: Width });
  } catch {
    // Malformed JSON, or another object.
  }
}
