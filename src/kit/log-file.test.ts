import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { joinRecords, LogFormatError, parseLog } from './log-file.ts';

describe('parseLog', () => {
  it('takes the three fields apart and leaves the content alone', () => {
    const [record] = parseLog(Buffer.from('2026-11-23T10:12:15.0766Z stdout F  two  spaces \n'));
    assert.deepEqual(record && { ...record, content: record.content.toString() }, {
      timestamp: '2026-11-23T10:12:15.0766Z',
      stream: 'stdout',
      tags: ['F'],
      content: ' two  spaces ',
    });
  });

  it('leaves out a line that is still being written', () => {
    assert.equal(parseLog(Buffer.from('t stdout F whole\nt stdout F half')).length, 1);
  });

  it('reads an empty line with and without the space before its content', () => {
    assert.deepEqual(
      parseLog(Buffer.from('t stdout F\nt stdout F \n')).map(({ content }) => content.length),
      [0, 0],
    );
  });

  it('refuses a line without three fields, naming it', () => {
    assert.throws(
      () => parseLog(Buffer.from('no-fields\n')),
      (error) => error instanceof LogFormatError && error.message.includes('no-fields'),
    );
  });

  it('restores the bytes of a stream however its lines were cut into parts', () => {
    const part = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a)));
    const line = fc.record({
      stream: fc.constantFrom('stdout', 'stderr'),
      parts: fc.array(part, { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const file = Buffer.concat(
          lines.flatMap(({ stream, parts }) =>
            parts.flatMap((content, index) => [
              Buffer.from(`t ${stream} ${index === parts.length - 1 ? 'F' : 'P'} `),
              content,
              Buffer.from('\n'),
            ]),
          ),
        );
        for (const stream of ['stdout', 'stderr']) {
          const written = lines
            .filter((each) => each.stream === stream)
            .flatMap(({ parts }) => [...parts, Buffer.from('\n')]);
          assert.deepEqual(joinRecords(parseLog(file), stream), Buffer.concat(written));
        }
      }),
    );
  });
});
