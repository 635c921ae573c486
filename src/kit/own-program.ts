import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program of ours that runs in a process of its own, beside the module that starts it: .ts from source, .js in a build. */
export function programBeside(moduleUrl: string, name: string): string {
  const module = fileURLToPath(moduleUrl);
  return join(dirname(module), `${name}${extname(module)}`);
}

/** Options of Node that say how modules are loaded, with a value that may follow as the next argument. */
const loading = new Set(['--import', '--require', '-r', '--loader', '--experimental-loader', '--conditions', '-C']);
const withoutValue = new Set(['--enable-source-maps']);

/**
 * What a process of ours must be started with to load modules as this one does. The other options are this process's
 * alone: -e, first of all, would run its script again.
 */
export function loadingArguments(execArgv: readonly string[] = process.execArgv): string[] {
  return execArgv.filter((argument, place) => {
    const [option = ''] = argument.split('=');
    return loading.has(option) || withoutValue.has(option) || loading.has(execArgv[place - 1] ?? '');
  });
}
