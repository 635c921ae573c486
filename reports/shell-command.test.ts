import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { shellCommand } from './shell-command.ts';

test('is read back by a shell as the same arguments', () => {
  const given = [
    'crible',
    'lab:containerd/runc',
    '--select',
    'pod-sandbox/**',
    "it's",
    '$(id)',
    '`id`',
    'a b',
    '',
    '#x',
    'p99<5ms',
  ];
  const script = `printf '%s\\n' ${shellCommand(given)}`;
  assert.deepEqual(execFileSync('sh', ['-c', script], { encoding: 'utf8' }).slice(0, -1).split('\n'), given);
});

test('quotes only what needs it', () => {
  assert.equal(shellCommand(['crible', 'bench', 'lab:crio', '--rounds=5']), 'crible bench lab:crio --rounds=5');
});
