import { posix } from 'node:path';
import type { Connection, Listener } from '../pod-network.ts';
import type { CommandCall, Commands } from './command.ts';

/** The programs that listen on a port of the pod. */
export const networkCommands: Commands = {
  /**
   * nc -l -p PORT [-e PROG [ARGUMENT]...]: one connection, whose other end is standard input and output, or PROG.
   * nc -ll -p PORT -e PROG [ARGUMENT]...: connection after connection, until it is killed.
   */
  nc: async (call) => {
    const { port, again, argv } = parseNc(call.parameters);
    return serving(call.surroundings.network.listen(port), again, call.life, (connection) =>
      argv.length === 0
        ? exchange(connection, call)
        : call.run(argv, { input: connection.incoming, output: connection.send, error: call.streams.error }),
    );
  },

  /**
   * httpd [-f] -p [IP:]PORT [-h HOME]: GET of files, and of index.html in folders. Without -f in the background, where it ends
   * with the process that started it.
   */
  httpd: async (call) => {
    const { parameters, surroundings } = call;
    const foreground = parameters[0] === '-f';
    const [option, address = '', homeOption = '-h', home = '.'] = foreground ? parameters.slice(1) : parameters;
    if (option !== '-p' || homeOption !== '-h') throw new Error('only [-f] -p [IP:]PORT [-h HOME] is known here');
    const folder = posix.resolve(surroundings.workingDirectory, home);
    const listener = surroundings.network.listen(portNumber(address.replace(/^.*:/, '')));
    const served = serving(listener, true, call.life, (connection) => answerGet(connection, folder, call));
    if (foreground) return served;
    // It fails when the process dies, of which the process needs no telling.
    served.catch(() => undefined);
    return 0;
  },

  /** netstat -tln */
  netstat: ({ parameters, streams, surroundings }) => {
    if (parameters.join(' ') !== '-tln') throw new Error('only -tln is known here');
    const lines = surroundings.network.ports.map(
      (port) => `tcp        0      0 0.0.0.0:${String(port)}            0.0.0.0:*               LISTEN\n`,
    );
    streams.output(Buffer.from(`Active Internet connections (only servers)\n${lines.join('')}`));
    return 0;
  },
};

/** Serves one connection after the other, or one alone. */
async function serving(
  listener: Listener,
  again: boolean,
  life: AbortSignal,
  serve: (connection: Connection) => Promise<number>,
): Promise<number> {
  try {
    for (;;) {
      const connection = await listener.accept(life);
      if (!again) listener.close();
      const served = serve(connection).finally(connection.end);
      if (!again) return await served;
      // It fails when the process dies, of which the loop hears as well.
      served.catch(() => undefined);
    }
  } finally {
    listener.close();
  }
}

/** Between the connection and the standard streams, until the other end has no more to send. */
async function exchange({ incoming, send, end }: Connection, { streams, life }: CommandCall): Promise<number> {
  const over = new AbortController();
  const signal = AbortSignal.any([life, over.signal]);
  const sending = async (): Promise<void> => {
    for (let piece = await streams.input.next(signal); piece; piece = await streams.input.next(signal)) send(piece);
    end();
  };
  const sent = sending().catch(() => undefined);
  try {
    for (let piece = await incoming.next(life); piece; piece = await incoming.next(life)) streams.output(piece);
  } finally {
    over.abort();
    await sent;
  }
  return 0;
}

async function answerGet({ incoming, send }: Connection, folder: string, call: CommandCall): Promise<number> {
  const [method, path = '/'] = (await incoming.line(call.life)).toString('latin1').trim().split(' ');
  let header: string;
  // Headers end with an empty line, or with the connection.
  do header = (await incoming.line(call.life)).toString('latin1').trim();
  while (header !== '');
  const file = posix.join(folder, posix.normalize(path), path.endsWith('/') ? 'index.html' : '');
  const found = method === 'GET' && call.surroundings.files.has(file);
  const body = found ? call.surroundings.files.read(file) : Buffer.from('The requested URL was not found\n');
  const head = [`HTTP/1.0 ${found ? '200 OK' : '404 Not Found'}`, `Content-Length: ${String(body.length)}`, '', ''];
  send(Buffer.concat([Buffer.from(head.join('\r\n')), body]));
  return 0;
}

function parseNc(parameters: readonly string[]): {
  readonly port: number;
  readonly again: boolean;
  readonly argv: readonly string[];
} {
  const execAt = parameters.indexOf('-e');
  const options = execAt === -1 ? parameters : parameters.slice(0, execAt);
  const argv = execAt === -1 ? [] : parameters.slice(execAt + 1);
  const [flags, port] = [options.slice(0, -1).join(''), options.at(-1) ?? ''];
  // -l -p PORT, -lp PORT, -ll -p PORT
  const letters = /^-(l|l?-?l)-?p$/.exec(flags)?.[1];
  if (letters === undefined) throw new Error('only -l -p PORT, -ll and -e are known here');
  const again = letters !== 'l';
  if (again && argv.length === 0) throw new Error('-ll is known with -e only');
  return { port: portNumber(port), again, argv };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`bad port '${text}'`);
  return port;
}
