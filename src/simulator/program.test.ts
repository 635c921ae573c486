import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { PodNetwork } from './pod-network.ts';
import { Processes } from './process.ts';
import { CommandNotFoundError, parseProgram } from './program.ts';
import { ContainerFiles } from './surroundings.ts';

interface Signal {
  readonly afterMs: number;
  readonly number: number;
}

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs argv as the main process of a container, and sends it signals. */
async function run(argv: readonly string[], signals: readonly Signal[] = [], ownNamespace = true): Promise<Run> {
  const surroundings = {
    variables: { PATH: '/bin', GREETING: 'good  day' },
    workingDirectory: '/tmp',
    hostname: 'pod-1',
    user: { uid: 1000, gid: 50, groups: [50, 7] },
    files: new ContainerFiles(),
    network: new PodNetwork(),
  };
  const processes = new Processes(surroundings, ownNamespace, { startCount: 0, commandCount: 0 });
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  const { pid, exited } = processes.start(parseProgram(argv), {
    output: (bytes) => void stdout.push(bytes),
    error: (bytes) => void stderr.push(bytes),
  });
  for (const { afterMs, number } of signals) {
    await sleep(afterMs);
    processes.signal(pid, number);
  }
  const exitCode = await exited;
  return { exitCode, stdout: Buffer.concat(stdout).toString('latin1'), stderr: Buffer.concat(stderr).toString() };
}

const shell = (script: string, signals?: readonly Signal[]): Promise<Run> => run(['/bin/sh', '-c', script], signals);
const output = async (script: string): Promise<string> => (await shell(script)).stdout;

test('a script gives its output on two streams and the exit code of its last command', async () => {
  assert.deepEqual(await shell('echo out; echo err >&2; exit 3'), { exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  assert.equal((await shell('true; false')).exitCode, 1);
  assert.equal((await run(['true'])).exitCode, 0);
  assert.equal((await run(['/bin/false'])).exitCode, 1);
});

test('words: quotes, variables, fields', async () => {
  assert.equal(
    await output(`echo $GREETING "$GREETING" '$GREETING' a"b"'c'\\ d`),
    'good day good  day $GREETING abc d\n',
  );
  assert.equal(await output('NAME="$GREETING!"; echo "${NAME}"; echo $UNSET "" x | head -c 2'), 'good  day!\n x');
});

test('and, or, not, pipes, groups, conditions and loops', async () => {
  assert.equal(
    await output('false && echo a || echo b; ! true || echo c; { echo d; echo e; } | tr de DE'),
    'b\nc\nD\nE\n',
  );
  assert.equal(
    await output('for i in 1 2; do if [ $i -lt 2 ]; then echo less; else echo more; fi; done'),
    'less\nmore\n',
  );
  assert.equal(await output('touch f; while [ -f f ]; do echo once; rm f; done; until true; do :; done'), 'once\n');
});

test('substitutions, subshells and redirections', async () => {
  assert.equal(
    await output(`echo "$(echo 'a  )'; echo b)" $(echo c  d; echo) x$(false)y; echo $?`),
    'a  )\nb c d xy\n0\n',
  );
  assert.equal(await output('a=1; (a=2; echo $a; exit 3); echo $? $a; echo $(echo $(echo deep))'), '2\n3 1\ndeep\n');
  assert.equal(
    await output('{ echo 1; echo 2; } > f; while read x; do echo "<$x>"; done < f; [ $(wc -l < f) = 2 ] && echo two'),
    '<1>\n<2>\ntwo\n',
  );
  assert.deepEqual(await shell('cat < missing; exec > f; echo lost; cat f >&2; exec >&-; echo x'), {
    exitCode: 1,
    stdout: '',
    stderr: 'sh: /tmp/missing: No such file or directory\nlost\necho: write error: Bad file descriptor\n',
  });
});

test('commands that read and search', async () => {
  assert.equal(
    await output('yes ab | head -c 7; yes | head -n 1; seq 12 | grep -c 1; seq 3 | grep -v 2'),
    'ab\nab\nay\n4\n1\n3\n',
  );
  assert.equal(
    await output(`printf 'a\\000\\377' | od -An -v -tx1; printf 'a b' | tr -d ' '; echo a | grep -q b || echo no`),
    ' 61 00 ff\nabno\n',
  );
  assert.equal(
    await output(
      'echo x > f; mv f g; cat g; [ -e f ] || echo moved; nc -l -p 80 & sleep 0; netstat -tln | grep -q ":80 " && echo on',
    ),
    'x\nmoved\non\n',
  );
});

test('arithmetic', async () => {
  assert.equal(await output('n=0; while [ $n -lt 3 ]; do n=$((n + 1)); echo -n $n; done'), '123');
  assert.equal(await output('a=7; echo $((a*2-9/2%3)) "$((-a - -1)) $((unset+1))"'), '13 -6 1\n');
  for (const wrong of ['1/0', '1 2', '1+', 'a=1']) {
    const { exitCode, stdout, stderr } = await shell(`echo $((${wrong})); echo on`);
    assert.deepEqual([exitCode, stdout], [2, ''], wrong);
    assert.match(stderr, /^sh: (arithmetic syntax error|divide by zero)/, wrong);
  }
});

test('files are kept for the life of the container', async () => {
  assert.equal(
    await output('echo a > f; echo b >> /tmp/f; echo lost >/dev/null; cat f; echo c 2>&1 >f; cat f'),
    'a\nb\nc\n',
  );
  const { exitCode, stderr } = await shell('cat missing');
  assert.deepEqual({ exitCode, stderr }, { exitCode: 1, stderr: 'cat: /tmp/missing: No such file or directory\n' });
});

test('printf writes bytes', async () => {
  assert.equal(await output(String.raw`printf '%s=%d;' a 1 b 2; printf '\000\xff%%\n'`), 'a=1;b=2;\x00\xff%\n');
  assert.equal(await output(String.raw`head -c 3 /dev/zero | tr '\0' x; seq 2; echo -n -e 'a\tb'`), 'xxx1\n2\na\tb');
});

test('the configuration of the container shows', async () => {
  assert.equal((await run(['env'])).stdout, 'PATH=/bin\nGREETING=good  day\n');
  assert.equal(await output('pwd; hostname; id -u; id -G; echo $$'), '/tmp\npod-1\n1000\n50 7\n1\n');
});

test('what is not known is not found, as a command of a script or as a program', async () => {
  const { exitCode, stderr } = await shell('awk x');
  assert.deepEqual({ exitCode, stderr }, { exitCode: 127, stderr: 'sh: awk: not found\n' });
  assert.throws(() => parseProgram(['/no/such']), CommandNotFoundError);
  assert.throws(() => parseProgram(['constructor']), CommandNotFoundError);
});

test('syntax that is not known ends with 2 before anything runs', async () => {
  for (const script of [
    'echo "a',
    'while true; do',
    'fi',
    'echo a | | b',
    'A=1 env',
    'cat << E',
    '(echo a',
    'echo $(echo a',
    'echo `ls`',
    'echo ${A:-b}',
  ]) {
    const { exitCode, stdout, stderr } = await shell(`echo before; ${script}`);
    assert.deepEqual({ exitCode, stdout }, { exitCode: 2, stdout: '' }, script);
    assert.match(stderr, /^sh: syntax error: /, script);
  }
});

const term: Signal = { afterMs: 30, number: 15 };
const kill: Signal = { afterMs: 30, number: 9 };

test('PID 1 ignores a signal that it has no trap for, and dies of KILL', async () => {
  assert.equal((await run(['sleep', '3600'], [term, kill])).exitCode, 137);
  assert.equal((await shell('while :; do :; done', [term, kill])).exitCode, 137);
  assert.equal((await shell('trap "" TERM; while :; do sleep 0.01; done', [term, kill])).exitCode, 137);
  assert.equal((await shell('kill -9 $$; exit 4')).exitCode, 4);
});

test('a process that is not PID 1 dies of its signals', async () => {
  assert.equal((await run(['sleep', '3600'], [term], false)).exitCode, 143);
  assert.equal((await run(['sh', '-c', 'kill -INT $$; sleep 1'], [], false)).exitCode, 130);
});

test('a trap runs at once when the shell waits, and after the command in its foreground otherwise', async () => {
  const waiting = await shell("trap 'echo bye; exit 5' TERM; while :; do sleep 3600 & wait $!; done", [term]);
  assert.deepEqual(waiting, { exitCode: 5, stdout: 'bye\n', stderr: '' });
  const startedAtMs = performance.now();
  const busy = await shell("trap 'echo bye; exit 5' TERM; sleep 0.2 && echo too late", [term]);
  assert.deepEqual(busy, { exitCode: 5, stdout: 'bye\n', stderr: '' });
  assert.ok(performance.now() - startedAtMs > 190, 'not before the sleep was over');
  const harmless: Signal = { afterMs: 30, number: 28 };
  assert.equal((await shell("trap 'exit 6' WINCH; sleep 3600 & wait", [harmless])).exitCode, 6);
  assert.equal((await run(['sleep', '0.1'], [harmless], false)).exitCode, 0);
  assert.equal((await run(['/pause'], [term])).exitCode, 0);
  assert.equal((await shell("trap 'exit 5' TERM; exec sleep 3600", [term, kill])).exitCode, 137);
});
