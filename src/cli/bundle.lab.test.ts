import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { resultSchema } from '../model/result.ts';

const run = promisify(execFile);
const project = join(import.meta.dirname, '..', '..');

/** What `make dist` makes, on a node that has Node.js and nothing else of ours: unpacked elsewhere, started from elsewhere. */
describe('the bundle', () => {
  let folder: string;
  let program: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crible-bundle-'));
    const { stdout } = await run('make', ['--no-print-directory', 'dist'], { cwd: project });
    const tar = stdout.trim().split('\n').at(-1) ?? '';
    await run('tar', ['-xzf', join(project, tar), '-C', folder]);
    program = join(folder, readdirSync(folder)[0] ?? '', 'crible');
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const crible = (...args: string[]): Promise<{ stdout: string; stderr: string }> =>
    run(program, args, {
      cwd: folder,
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: folder, CRIBLE_HOME: join(folder, 'home') },
    });

  it('holds no development dependency and nothing that points back', () => {
    const root = dirname(program);
    assert.equal(existsSync(join(root, 'node_modules', 'typescript')), false);
    assert.equal(existsSync(join(root, 'node_modules', '@grpc', 'grpc-js')), true);
    assert.equal(readFileSync(program, 'utf8').includes(project), false);
  });

  it('asks a whole suite and writes every report', async () => {
    const out = join(folder, 'out');
    await crible('conformance', 'sim:', '--out', out);
    const result = resultSchema.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
    assert.ok(result.run.complete && result.cases.filter(({ outcome }) => outcome.status === 'passed').length >= 40);
    for (const report of ['report.html', 'junit.xml', 'summary.md'])
      assert.ok(readFileSync(join(out, report), 'utf8').includes('sim'));
  });

  it('knows its expectations and draws its pictures', async () => {
    const { stdout } = await crible('list', 'cases', '--json');
    assert.ok((JSON.parse(stdout) as { cases: unknown[] }).cases.length >= 40);
    await crible('bench', 'sim:', '--profile', 'quick', '--out', join(folder, 'bench'));
    assert.match(readFileSync(join(folder, 'bench', 'report.html'), 'utf8'), /<svg/);
  });
});
