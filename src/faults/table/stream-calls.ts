import { StatusError } from '../../cri/handler.ts';
import { around } from '../break.ts';
import type { Break } from '../break.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import type { AnswerOf, RequestOf } from '../rpc.ts';
import { streamCallKills } from './stream-call-kills.ts';

/*
 * Exec and Attach, as the nth call of a container is answered: a case opens several streams in a container, each of them
 * an expectation of its own.
 */

type StreamCall = 'Exec' | 'Attach';
type Change<R extends StreamCall> = (request: RequestOf<R>, answer: () => Promise<AnswerOf<R>>) => Promise<AnswerOf<R>>;

/** Changes the nth call about a container; calls are counted as they come, from 1 on. */
function onNth<R extends StreamCall>(rpc: R, nth: number, change: Change<R>): Break {
  return around(rpc, (next) => {
    const counts = new Map<string, number>();
    return async (asked, call) => {
      const count = (counts.get(asked.containerId) ?? 0) + 1;
      counts.set(asked.containerId, count);
      const answer = (): Promise<AnswerOf<R>> => next(asked, call);
      return count === nth ? change(asked, answer) : answer();
    };
  });
}

/** Executes a shell's text in place of the command, which it has as `"$@"`. */
function wrapped(script: string): Change<'Exec'> {
  return (asked, answer) => {
    asked.cmd = ['sh', '-c', script, 'sh', ...asked.cmd];
    return answer();
  };
}

const refused: Change<StreamCall> = () => Promise.reject(new StatusError('Internal', 'the stream is refused'));
const leadsNowhere: Change<StreamCall> = async (_, answer) => {
  const answered = await answer();
  answered.url = answered.url.replace(/:\d+\//, ':1/');
  return answered;
};

/**
 * How a call is broken, in the words of the fault's name. A Ctrl-C of a terminal is for the command alone. What ends late
 * ends later than any case waits, and large output is waited for 40 s.
 */
const execChanges = {
  refused: ['Exec in a running container succeeds', refused],
  'leads-nowhere': ['somebody listens where the URL of Exec leads', leadsNowhere],
  'ends-late': ['the stream of Exec ends when the command does', wrapped('trap : INT; "$@"; r=$?; sleep 60; exit $r')],
  fails: ['the stream of Exec ends with the exit code of the command', wrapped('trap : INT; "$@"; exit 1')],
  mute: ['the stream of Exec carries the stdout of the command', wrapped('exec "$@" > /dev/null')],
} as const satisfies Readonly<Record<string, readonly [string, Change<'Exec'>]>>;

const attachChanges = {
  refused: ['Attach to a running container succeeds', refused],
  'leads-nowhere': ['somebody listens where the URL of Attach leads', leadsNowhere],
  mute: [
    'the stream of Attach carries the stdout of the container',
    (asked, answer) => {
      asked.stdout = false;
      return answer();
    },
  ],
} as const satisfies Readonly<Record<string, readonly [string, Change<'Attach'>]>>;

const ordinals = ['zeroth', 'first', 'second', 'third'];

export const streamCallFaults: readonly Fault[] = Object.entries(streamCallKills).map(([text, kills]) => {
  const [, rpc = '', nth = '', how = '', simulated] = /^(\w+) (\d) ([\w-]+)( on simulator)?$/.exec(text) ?? [];
  const place = Number(nth);
  const provenOn = simulated === undefined ? 'runtime' : 'simulator';
  const name = `${rpc.toLowerCase()}-${nth}-${how}${simulated === undefined ? '' : '-simulated'}`;
  const promise = (breaks: string): string => `${breaks}, the ${ordinals[place] ?? nth} time too`;
  if (rpc === 'Exec') {
    const [breaks, change] = execChanges[how as keyof typeof execChanges];
    return fault({
      name,
      breaks: promise(breaks),
      kills,
      provenOn,
      rpcs: [rpc],
      how: () => onNth<'Exec'>('Exec', place, change),
    });
  }
  const [breaks, change] = attachChanges[how as keyof typeof attachChanges];
  return fault({
    name,
    breaks: promise(breaks),
    kills,
    provenOn,
    rpcs: ['Attach'],
    how: () => onNth<'Attach'>('Attach', place, change),
  });
});
