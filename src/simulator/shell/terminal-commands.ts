import type { Terminal } from '../terminal.ts';
import type { Commands } from './command.ts';

/** The programs about the terminal that a process has. */
export const terminalCommands: Commands = {
  tty: ({ streams, terminal }) => {
    streams.output(Buffer.from(terminal ? '/dev/pts/0\n' : 'not a tty\n'));
    return terminal ? 0 : 1;
  },

  /** stty size, stty [-]MODE... with the modes of Terminal, stty raw and stty sane */
  stty: ({ parameters, streams, terminal }) => {
    if (!terminal) throw new Error('standard input: Inappropriate ioctl for device');
    for (const parameter of parameters) {
      if (parameter === 'size') {
        const { rows, columns } = terminal.size;
        streams.output(Buffer.from(`${String(rows)} ${String(columns)}\n`));
      } else set(parameter, terminal);
    }
    return 0;
  },
};

function set(parameter: string, { modes }: Terminal): void {
  const [name, on] = parameter.startsWith('-') ? [parameter.slice(1), false] : [parameter, true];
  switch (name) {
    case 'raw':
      Object.assign(modes, { icanon: !on, isig: !on, icrnl: !on, opost: !on });
      return;
    case 'sane':
      Object.assign(modes, { echo: true, icanon: true, isig: true, icrnl: true, opost: true });
      return;
    case 'echo':
    case 'icanon':
    case 'isig':
    case 'icrnl':
    case 'opost':
      modes[name] = on;
      return;
    default:
      throw new Error(`invalid argument '${parameter}'`);
  }
}
