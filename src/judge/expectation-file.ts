import { LineCounter, isNode, isSeq, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { UsageError } from '../model/error.ts';
import { expectationSchema } from '../model/expectation.ts';
import type { Expectation } from '../model/expectation.ts';
import { isRange, parseVersion } from './version.ts';

const advice = 'suites/expectations/containerd.yaml shows what an expectation looks like';

/**
 * Reads a file of expectations: a YAML list, each entry as `expectationSchema` says and nothing beside it.
 * @throws UsageError naming the file and the line of every mistake
 */
export function parseExpectations(yamlText: string, fileName: string): readonly Expectation[] {
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false });
  const refuse = (mistakes: readonly { readonly line: number; readonly message: string }[]): never => {
    throw new UsageError(
      mistakes.map(({ line, message }) => `${fileName}:${String(line)}: ${message}`).join('\n'),
      advice,
    );
  };
  if (document.errors.length > 0) {
    refuse(document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message })));
  }
  if (document.contents === null) return [];
  if (!isSeq(document.contents)) return refuse([{ line: 1, message: 'it is not a list of expectations' }]);

  const entries = document.contents.items.map((item) => readEntry(isNode(item) ? item.toJS(document) : item));
  const mistakes = entries.flatMap((entry, index) =>
    entry.mistakes.map(({ path, message }) => ({
      line: lineOf(document, lines, [index, ...path]),
      message: [
        `expectation ${String(index + 1)}`,
        ...(path.length > 0 ? [path.map(String).join('.')] : []),
        message,
      ].join(': '),
    })),
  );
  if (mistakes.length > 0) refuse(mistakes);
  return entries.flatMap(({ expectation }) => (expectation ? [expectation] : []));
}

interface Entry {
  readonly expectation?: Expectation;
  readonly mistakes: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Unknown keys are refused because a misspelt optional one would silently widen an excuse. */
function readEntry(entry: unknown): Entry {
  const parsed = expectationSchema.safeParse(entry);
  if (!parsed.success) return { mistakes: parsed.error.issues };
  const expectation = parsed.data;
  const mistakes = unknownKeys(entry, expectation).map((key) => ({ path: [key], message: 'there is no such key' }));
  if (!isRange(expectation.versions)) {
    mistakes.push({ path: ['versions'], message: `'${expectation.versions}' is not a range of versions` });
  }
  if (expectation.expect === 'may-fail' && !parseVersion(expectation.expires)) {
    mistakes.push({ path: ['expires'], message: `'${expectation.expires}' is not a version` });
  }
  return { expectation, mistakes };
}

/** zod leaves out what a schema does not name. */
function unknownKeys(entry: unknown, parsed: object): readonly string[] {
  return typeof entry === 'object' && entry !== null ? Object.keys(entry).filter((key) => !(key in parsed)) : [];
}

/** The line of a value, or of the innermost thing around it that is there. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
