#!/usr/bin/env node
import { runProgram } from './cli/program.ts';
import { processShell } from './cli/shell.ts';

const code = await runProgram(
  process.argv.slice(2),
  processShell((leavingCode) => process.exit(leavingCode)),
);
// What was printed must be out of the pipe before the process ends; a connection or a timer that is left must not keep it.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((written) => {
    stream.write('', () => {
      written();
    });
  });
}
process.exit(code);
