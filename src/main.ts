#!/usr/bin/env node
import { defectCode } from './cli/exit-help.ts';
import { runProgram } from './cli/program.ts';
import { processShell } from './cli/shell.ts';

const shell = processShell((code) => process.exit(code));
process.on('uncaughtException', (error) => {
  console.error('crible itself failed, which is a defect of crible:', error);
  process.exit(defectCode);
});
const code = await runProgram(process.argv.slice(2), shell);
// What was printed must be out of the pipe before the process ends; a connection or a timer that is left must not keep it.
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((written) => {
    stream.write('', () => {
      written();
    });
  });
}
process.exit(code);
