import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultSchema } from '../../model/result.ts';
import type { Readiness } from '../../model/result.ts';
import { readJournal } from '../output/read-run.ts';
import { runProgram } from '../program.ts';
import { recordingShell } from '../recording-shell.ts';

/* The program as a user starts it, on the simulator: with a fault before it, the sentence about what is broken flips. */

const folder = mkdtempSync(join(tmpdir(), 'crible-readiness-'));
const sound = 'sound=sim:';
const broken = 'broken=fault:log-reopened-in-vain@sim:';
const select = ['--select', 'log/reopen/**', '--select', 'runtime/version/**'];
const kubeletConfig = join(folder, 'kubelet.yaml');
writeFileSync(
  kubeletConfig,
  'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\ncgroupDriver: systemd\n',
);

async function crible(...argv: readonly string[]): Promise<{ code: number; out: string; err: string; folder: string }> {
  const out = mkdtempSync(join(folder, 'out-'));
  const shell = recordingShell();
  const code = await runProgram(['conformance', ...argv, '--out', out], shell);
  return { code, out: shell.printed.join('\n'), err: shell.noted.join('\n'), folder: out };
}

test('a fault flips the sentence, in the result, in the reports and on the terminal', async () => {
  const ended = await crible(sound, broken, '--purpose', 'kubernetes-1.24', ...select);
  const result = resultSchema.parse(JSON.parse(readFileSync(join(ended.folder, 'result.json'), 'utf8')));
  assert.equal(result.run.purpose, 'kubernetes-1.24');
  assert.deepEqual(readJournal(join(ended.folder, 'journal.ndjson'), []).readiness, result.readiness);
  const of = (name: string): Readiness => {
    const one = result.readiness?.find(({ target }) => target === name);
    assert.ok(one, name);
    return one;
  };
  const rotation = (name: string) => of(name).reasons.find(({ requirement }) => requirement === 'log-rotation');
  assert.equal(rotation('sound')?.finding, 'met');
  assert.equal(rotation('broken')?.finding, 'blocker');
  assert.deepEqual(rotation('broken')?.caseIds, ['log/reopen/after-rename']);
  assert.equal(of('sound').verdict, 'ready-with-caveats', 'most cases were not asked');
  assert.equal(of('broken').verdict, 'not-ready');

  assert.match(ended.out, /^sound: Ready, with caveats, for Kubernetes 1\.24: Not verified/m);
  assert.match(ended.out, /^broken: Not ready for Kubernetes 1\.24: The kubelet cannot rotate logs safely/m);
  assert.match(
    readFileSync(join(ended.folder, 'summary.md'), 'utf8'),
    /^### broken .*Not ready for Kubernetes 1\\?\.24$/m,
  );
  const html = readFileSync(join(ended.folder, 'report.html'), 'utf8');
  const section = html.slice(html.indexOf('id="readiness"'), html.indexOf('id="verdict"'));
  const [, anchor = ''] = /href="#(case-log\/reopen\/after-rename-broken[^"]*)"/.exec(section) ?? [];
  assert.ok(html.includes(`id="${anchor}"`), 'the sentence leads to the case');
});

test('a kubelet with another cgroup driver is a reason not to be ready', async () => {
  const purpose = ['--purpose', 'kubernetes-1.24', '--kubelet-config', kubeletConfig];
  const { out, folder: written } = await crible('sim:', ...purpose, '--select', 'runtime/version/**');
  assert.match(
    out,
    /^sim: Not ready for Kubernetes 1\.24: Its cgroup driver is cgroupfs, and the kubelet's is systemd/m,
  );
  const { readiness } = readJournal(join(written, 'journal.ndjson'), []);
  assert.equal(readiness?.[0]?.verdict, 'not-ready');
});

test('the kubelet as a purpose narrows the cases and gives no verdict on readiness', async () => {
  const { code, folder: written } = await crible(
    'sim:',
    '--purpose',
    'kubelet',
    '--skip',
    '*-*/**',
    '--skip',
    '{container,image,log,attach,event}/**',
  );
  assert.equal(code, 0);
  const { cases, readiness } = readJournal(join(written, 'journal.ndjson'), []);
  assert.equal(readiness, undefined);
  assert.ok(cases.length > 0);
  for (const { id, level, basis } of cases)
    assert.ok(level === 'required' || basis.some(({ kind }) => kind === 'kubelet'), id);
});

test('a kubelet configuration that cannot be read is refused', async () => {
  const { code, err } = await crible('sim:', '--kubelet-config', '/nowhere/kubelet.yaml');
  assert.equal(code, 2);
  assert.match(err, /cannot read the kubelet's configuration/);
});
