import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { exitCodes } from '../model/result.ts';
import { defectCode, exitHelp } from './exit-help.ts';
import { runProgram } from './program.ts';
import { toolVersion } from './project.ts';
import { recordingShell } from './recording-shell.ts';

const commands = ['evaluate', 'conformance', 'bench', 'render', 'list', 'doctor', 'lab', 'images', 'sweep'];

async function crible(...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const shell = recordingShell();
  const code = await runProgram(argv, shell);
  return { code, out: shell.printed.join('\n'), err: shell.noted.join('\n') };
}

test('help tells the exit codes that the program has', () => {
  for (const code of Object.values(exitCodes)) assert.match(exitHelp, new RegExp(`^ +${String(code)}  `, 'm'));
  assert.equal(defectCode, exitCodes.defect);
});

test('--help lists the commands, and --version tells the version', async () => {
  const { code, out } = await crible('--help');
  assert.equal(code, 0);
  for (const command of commands) assert.match(out, new RegExp(`^  crible ${command} `, 'm'));
  assert.ok(out.includes(exitHelp));
  assert.deepEqual(await crible('--version'), { code: 0, out: toolVersion(), err: '' });
});

for (const command of commands) {
  test(`${command} --help has examples and the exit codes`, async () => {
    const { code, out } = await crible(command, '--help');
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^Examples:\n  crible ${command}`, 'm'));
    assert.ok(out.includes(exitHelp));
  });
}

const wrong: readonly (readonly [argv: readonly string[], told: RegExp])[] = [
  [[], /which command\?/],
  [['confromance'], /no command 'confromance'\n {2}did you mean crible conformance\?/],
  [['conformance', 'sim:', '--selct', 'x'], /no option --selct\n {2}did you mean --select\?/],
  [['conformance', 'sim:', '--shards', 'two'], /--shards: 'two' is not a whole number/],
  [['conformance', 'sim:', '--shards', '1', '--shards', '2'], /--shards is given more than once/],
  [['conformance', 'sim:', '--level', 'extreme'], /required.*specified.*optional/s],
  [['conformance', 'sim:', '--budget', '5'], /--budget: '5' is not a duration/],
  [['bench', 'sim:', '--concurrency', '1,x'], /--concurrency: 'x' is not a whole number/],
  [
    ['evaluate', 'sim:', '--purpose', 'docker'],
    /--purpose: 'docker' is not a purpose: .*kubelet or kubernetes-1\.MINOR/,
  ],
  [['conformance', 'sim:', '--purpose', 'kubernetes-1.19'], /'kubernetes-1\.19' is not a purpose: .*kubernetes-1\.20/],
  [['render', 'x.json'], /format/],
  [['render', 'x.json', '--format', 'html', '-o'], /Not enough arguments following: o/],
  [['render', '/nowhere/x.json', '--format', 'html'], /cannot read \/nowhere\/x\.json/],
  [['list', 'colours'], /cases.*workloads/s],
  [['lab', 'start'], /which lab is to be started\?/],
  [['lab', 'start', 'crio'], /no lab for 'crio'/],
  [['doctor', 'sim:'], /'sim:' is no socket/],
  [['sweep', 'gibberish'], /'gibberish' is not a target/],
];
for (const [argv, told] of wrong) {
  test(`crible ${argv.join(' ')} exits 2 without a stack trace`, async () => {
    const { code, err } = await crible(...argv);
    assert.equal(code, exitCodes.usage);
    assert.match(err, told);
    assert.doesNotMatch(err, /^ +at /m);
  });
}

test('a socket that is not there exits 3 and says what to do', async () => {
  const { code, out } = await crible('doctor', 'unix:///nowhere/cri.sock');
  assert.equal(code, exitCodes.target);
  assert.match(out, /!! {2}unix:\/\/\/nowhere\/cri\.sock: there is no such socket\n {6}start the runtime/);
});

test('a configuration file gives options and targets, and the command line wins', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crible-config-'));
  const file = join(folder, 'crible.yaml');
  const out = join(folder, 'out');
  const told = async (text: string, ...argv: readonly string[]): Promise<string> => {
    writeFileSync(file, text);
    const { code, err } = await crible('conformance', '--config', file, ...argv);
    assert.equal(code, exitCodes.usage);
    return err;
  };
  const usual = `out: ${out}\ntargets: ['sim:']\nselect: [nope/from-file]\nshards: 2\nyes: true\n`;
  assert.match(await told(usual), /'nope\/from-file' matches no case/);
  assert.match(await told(usual, '--select', 'nope/from-flag'), /'nope\/from-flag' matches no case/);
  assert.match(await told(usual, 'gibberish'), /'gibberish' is not a target/);
  assert.match(await told('selct: [a/b]'), /crible\.yaml: there is no option 'selct'\n {2}did you mean select\?/);
  assert.match(await told('config: other.yaml'), /there is no option 'config'/);
  assert.match(await told('shards: two'), /--shards: 'two' is not a whole number/);
  assert.match(await told('select: {a: b}'), /select: it is neither/);
  assert.match(await told('- select'), /not a mapping/);
  assert.match(await told('select: ['), /crible\.yaml: /);
  assert.match((await crible('conformance', '--config', '/nowhere/x.yaml')).err, /cannot read the configuration/);
});
