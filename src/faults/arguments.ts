import { closest } from '../model/glob.ts';
import { codes, isCode } from '../cri/code.ts';
import type { Code } from '../cri/code.ts';
import { ArgumentError } from './fault.ts';
import { isRpc, isStream, rpcNames } from './rpc.ts';
import type { RpcName, UnaryRpc } from './rpc.ts';

/** The RPCs that an argument names: one, or all by `*`. @throws ArgumentError */
export function rpcsArgument(text = ''): readonly RpcName[] {
  if (text === '*') return rpcNames;
  if (isRpc(text)) return [text];
  throw new ArgumentError(
    `'${text}' is no RPC; the closest are ${closest(text, rpcNames).join(', ')}, and * means all`,
  );
}

/** An RPC that answers once. @throws ArgumentError */
export function unaryRpcArgument(text = ''): UnaryRpc {
  if (!isRpc(text))
    throw new ArgumentError(`'${text}' is no RPC; the closest are ${closest(text, rpcNames).join(', ')}`);
  if (isStream(text)) throw new ArgumentError(`${text} answers a stream`);
  return text;
}

/** @throws ArgumentError */
export function codeArgument(text = ''): Code {
  if (isCode(text) && text !== 'OK') return text;
  throw new ArgumentError(`'${text}' is no code of an error; the closest are ${closest(text, codes).join(', ')}`);
}

/** A time: `50ms`, `1.5s`. @throws ArgumentError */
export function msArgument(text = ''): number {
  const { number, unit } = /^(?<number>\d+(?:\.\d+)?)(?<unit>ms|s)$/.exec(text)?.groups ?? {};
  if (number === undefined) throw new ArgumentError(`'${text}' is no time, as 50ms or 1.5s are`);
  return Number(number) * (unit === 's' ? 1000 : 1);
}

/** A time, or a share of what a call took: `10%`. @throws ArgumentError */
export function delayArgument(text = ''): { readonly ms: number } | { readonly share: number } {
  const percent = /^(?<percent>\d+(?:\.\d+)?)%$/.exec(text)?.groups?.['percent'];
  return percent === undefined ? { ms: msArgument(text) } : { share: Number(percent) / 100 };
}

/** @throws ArgumentError when there are other than so many arguments */
export function requireCount(args: readonly string[], least: number, most = least): void {
  if (args.length >= least && args.length <= most) return;
  const wanted = least === most ? least.toString() : `${least.toString()} or ${most.toString()}`;
  throw new ArgumentError(`${args.length.toString()} arguments were given, and it takes ${wanted}`);
}
