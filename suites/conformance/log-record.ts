import { readFileSync, statSync } from 'node:fs';
import { defineCase } from '../../src/kit/case.ts';
import type { LogRecord } from '../../src/kit/log-file.ts';
import { execSync } from './ask.ts';
import { expectLogged, logRecords } from './logged.ts';

/** One line of a log to the letter; the content may be empty, the space before it may not be missing. */
const recordPattern =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP](?::[^ :]+)* .*$/s;

export const cases = [
  defineCase({
    id: 'log/record/format',
    title: 'writes what a container prints to its log, one record a line: time, stream, tag, content',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      {
        kind: 'kep',
        text: 'the CRI’s log format: RFC 3339 time, stdout or stderr, tags beginning with P or F, the text',
      },
      { kind: 'kubelet', text: 'refuses to show a line that is not of this form' },
    ],
    needs: ['host-files'],
    critest: ['LO-1#to-the-letter'],
    async run(context) {
      const { given, expect, observe } = context;
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', "echo 'two  spaces '; echo; echo ' P stdout F'"],
      });
      await expectLogged(context, container, 'two  spaces \n\n P stdout F\n', 'what the log restores to');
      const bytes = readFileSync(container.logPath, 'latin1');
      expect.that('ends-with-newline', bytes.endsWith('\n'), 'the last record is ended by a newline', {
        expected: 'a newline',
        actual: bytes.at(-1),
      });
      const malformed = bytes
        .slice(0, -1)
        .split('\n')
        .filter((line) => !recordPattern.test(line));
      expect.equal('to-the-letter', malformed, [], 'lines that are not of the form of a record');
      observe('log.file-mode', (statSync(container.logPath).mode & 0o7777).toString(8).padStart(4, '0'));
    },
  }),

  defineCase({
    id: 'log/record/streams',
    title: 'marks each record with the stream that it was printed on',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'kep', text: 'the CRI’s log format: the second field is stdout or stderr' }],
    needs: ['host-files'],
    async run(context) {
      const { given, expect } = context;
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', 'echo out; echo err >&2; echo more'],
      });
      await expectLogged(context, container, 'err\n', 'what stderr restores to', { key: 'stderr', stream: 'stderr' });
      const records = await expectLogged(context, container, 'out\nmore\n', 'what stdout restores to', {
        key: 'stdout',
      });
      const streams = [...new Set(records.map(({ stream }) => stream))].sort();
      expect.equal('no-others', streams, ['stderr', 'stdout'], 'the streams in the log');
    },
  }),

  defineCase({
    id: 'log/record/partial-line',
    revision: 2,
    title: 'marks what was printed without a newline at its end as a part of a line, for each stream by itself',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'kep', text: 'the CRI’s log format: P for a part of a line, F for a whole line or its last part' },
      { kind: 'kubelet', text: 'puts a newline after F records only' },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, observe } = context;
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', 'printf a; echo err >&2; sleep 0.3; echo b; printf end'],
      });
      const records = await expectLogged(
        context,
        container,
        'ab\nend',
        'what the log restores to, P without a newline',
      );
      const message = 'what stderr restores to, printed while a line of stdout was unfinished';
      await expectLogged(context, container, 'err\n', message, { key: 'stderr', stream: 'stderr' });
      const [first] = records.filter(({ stream }) => stream === 'stdout');
      observe('log.unfinished-line', first?.content.toString() === 'a' ? 'at once, as a part' : 'when the line ends');
    },
  }),

  defineCase({
    id: 'log/record/long-line',
    revision: 2,
    title: 'restores lines of up to 40000 bytes from the parts that it splits them into',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'kep', text: 'the CRI’s log format: a line that is too long becomes P records ended by an F record' },
      { kind: 'kubelet', text: 'joins them again for kubectl logs' },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, observe } = context;
      // Every eight bytes differ, so that lost, doubled and swapped parts all show.
      const line = Array.from({ length: 5_000 }, (_, index) => String(index).padStart(8, '.')).join('');
      // As long as the parts of runtimes that are known, a byte less, and one more.
      const lines = [8192, 16_384, 32_768].flatMap((size) => [-1, 0, 1].map((more) => line.slice(0, size + more)));
      const text = [line, ...lines].map((each) => `${each}\n`).join('');
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['printf', '%s\\n', line, ...lines],
      });
      const records = await expectLogged(context, container, text, 'what the log restores to');
      observe('log.record-size-bytes', Math.max(...records.map(({ content }) => content.length)));
    },
  }),

  defineCase({
    id: 'log/record/bytes',
    title: 'keeps bytes in its log that are no text',
    level: 'specified',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [{ kind: 'kep', text: 'the CRI’s log format: the content is what the container printed' }],
    needs: ['host-files'],
    async run(context) {
      const { given, expect, observe } = context;
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['printf', 'a\\000b\\377\\376\\tc\\rd\\n\\033[0m\\ncarriage\\r\\n'],
      });
      const records = await expect.eventually(
        'three-records',
        () => Promise.resolve(logRecords(container)),
        ({ length }) => length >= 3,
        'the log has a record for each line',
        { expected: 3, withinMs: 5_000, actual: ({ length }) => length },
      );
      const [binary, escape, carriage] = records.map(({ content }) => content.toString('latin1'));
      expect.equal('binary', binary, 'a\0b\xff\xfe\tc\rd', 'the content of the first record');
      expect.equal('escape', escape, '\x1b[0m', 'the content of the second record');
      observe('log.carriage-return', carriage === 'carriage\r' ? 'kept' : 'dropped');
    },
  }),

  defineCase({
    id: 'log/record/order',
    revision: 2,
    title:
      'writes the lines of a stream to its log in order, all of them, with times that never go back and are those of now',
    level: 'required',
    rpcs: ['CreateContainer', 'StartContainer'],
    basis: [
      { kind: 'kep', text: 'the CRI’s log format: a stream of records' },
      { kind: 'kubelet', text: 'looks for since and tail from either end of the file, by time and by count' },
    ],
    needs: ['host-files'],
    async run(context) {
      const { given, expect, observe } = context;
      const beginMs = Date.now();
      const container = await given.startedContainer(await given.sharedPodSandbox(), {
        command: ['sh', '-c', 'seq 1 150; until [ -e /tmp/go ]; do sleep 0.02; done; seq 151 300'],
      });
      const lines = Array.from({ length: 300 }, (_, index) => `${String(index + 1)}\n`);
      const half = lines.slice(0, 150).join('');
      await expectLogged(context, container, half, 'what the first half of the log restores to', { key: 'first-half' });
      const halfAtMs = Date.now();
      await execSync(context, container.id, ['touch', '/tmp/go']);
      const records = await expectLogged(context, container, lines.join(''), 'what the log restores to');
      const endAtMs = Date.now();
      const times = records.map(({ timestamp }) => comparable(timestamp));
      const malformed = records.filter((_, index) => times[index] === '').map(({ timestamp }) => timestamp);
      expect.equal('times', malformed, [], 'times that are none');
      const back = times.findIndex((time, index) => index > 0 && time < (times[index - 1] ?? ''));
      expect.equal('times-in-order', back, -1, 'the first record whose time is before that of the one before it');
      const timesMs = times.map((time) => Date.parse(`${time.slice(0, 23)}Z`));
      const [first = 0] = timesMs;
      expect.that('times-of-now', first >= beginMs && first <= halfAtMs, 'the time of the first record', {
        expected: { notBeforeMs: beginMs, notAfterMs: halfAtMs },
        actual: { ms: first, timestamp: records[0]?.timestamp },
      });
      const next = timesMs[150] ?? 0;
      expect.that(
        'times-go-on',
        next >= halfAtMs && next <= endAtMs,
        'the time of the first record of the second half',
        {
          expected: { notBeforeMs: halfAtMs, notAfterMs: endAtMs },
          actual: { ms: next, timestamp: records[150]?.timestamp },
        },
      );
      observe('log.timestamp', timestampForm(records));
    },
  }),

  defineCase({
    id: 'log/file/outlives-container',
    title: 'leaves the log of a container where it is when the container is removed',
    level: 'required',
    rpcs: ['RemoveContainer'],
    basis: [{ kind: 'kubelet', text: 'shows logs of earlier attempts, and deletes log files itself' }],
    needs: ['host-files'],
    async run(context) {
      const { given, cri, expect } = context;
      const pod = await given.podSandbox();
      const { container } = await given.exitedContainer(pod, { command: ['echo', 'last words'] });
      await expectLogged(context, container, 'last words\n', 'what the log restores to before');
      await expect.succeeds('remove', cri.runtime.removeContainer({ containerId: container.id }), 'RemoveContainer');
      await given.stop(pod);
      await expect.succeeds('remove-pod', cri.runtime.removePodSandbox({ podSandboxId: pod.id }), 'RemovePodSandbox');
      expect.equal(
        'still-there',
        logRecords(container).map(({ content }) => content.toString()),
        ['last words'],
        'the log after RemoveContainer and RemovePodSandbox',
      );
    },
  }),
];

/** A time in UTC that can be compared as text: zone applied, nine digits; empty when it is no time. */
function comparable(timestamp: string): string {
  const [, fraction = ''] = /\.(\d+)/.exec(timestamp) ?? [];
  const seconds = new Date(timestamp.replace(/\.\d+/, ''));
  return Number.isNaN(seconds.getTime()) ? '' : `${seconds.toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}`;
}

/** How times are written: of 300 records some thirty would end with a 0 that could be left out. */
function timestampForm(records: readonly LogRecord[]): { readonly zone: string; readonly fraction: string } {
  const stamps = records.map(({ timestamp }) => timestamp);
  const digits = new Set(stamps.map((stamp) => /\.(\d+)/.exec(stamp)?.[1]?.length ?? 0));
  return {
    zone: stamps.every((stamp) => stamp.endsWith('Z')) ? 'Z' : 'numeric',
    fraction: digits.size === 1 ? `${String([...digits][0])} digits` : `up to ${String(Math.max(...digits))} digits`,
  };
}
