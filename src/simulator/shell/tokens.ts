import type { Script } from './syntax.ts';

/** What the simulator's shell does not know; real shells may well know it. */
export class ShellSyntaxError extends Error {
  /** Whether more text might make it right. */
  readonly incomplete: boolean;

  constructor(message: string, incomplete = false) {
    super(message);
    this.incomplete = incomplete;
  }
}

export type WordPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: string; readonly quoted: boolean }
  | { readonly kind: 'substitution'; readonly script: Script; readonly quoted: boolean };

export interface Word {
  readonly parts: readonly WordPart[];
  /** Quoted words are never keywords, and stay a word even when they are empty. */
  readonly quoted: boolean;
}

export type Token =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirect'; readonly fd: 0 | 1 | 2; readonly mode: '<' | '>' | '>>' | '>&' }
  | { readonly kind: 'end' };

const blank = /(?:[ \t]|\\\n)+|#[^\n]*/y;
const operator = /&&|\|\||[;&|()\n]/y;
const redirect = /([12]?)(>>|>&|>)|0?<(?![<&])/y;
const substitution = /\$\(/y;
const variable = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*)|([?$!]))/y;
const arithmetic = /\$\(\(([^()]*)\)\)/y;
const singleQuoted = /'([^']*)'/y;
const endOfWord = /[\s;&|<>()]/;

/**
 * Cuts a shell script into words and operators; `parse` reads the scripts within words, `$(…)`.
 * @throws ShellSyntaxError on what the subset leaves out: backquotes, here-documents, parameter expansions, open quotes.
 */
export function tokenize(script: string, parse: (script: string) => Script): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;

  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(script);
    if (match) at = pattern.lastIndex;
    return match;
  };

  const takeExpansion = (quoted: boolean): WordPart => {
    const match = take(variable);
    const name = match?.[1] ?? match?.[2] ?? match?.[3];
    if (name !== undefined) return { kind: 'variable', name, quoted };
    const expression = take(arithmetic)?.[1];
    if (expression !== undefined) return { kind: 'arithmetic', expression, quoted };
    if (take(substitution)) {
      const end = closingParenthesis(script, at);
      const within = script.slice(at, end);
      at = end + 1;
      return { kind: 'substitution', script: parse(within), quoted };
    }
    if (script.startsWith('${', at)) throw unknown('${');
    at += 1;
    return { kind: 'text', text: '$' };
  };

  const takeDoubleQuoted = (): readonly WordPart[] => {
    const parts: WordPart[] = [];
    for (at += 1; script[at] !== '"';) {
      const char = script[at];
      if (char === undefined) throw new ShellSyntaxError('unterminated quoted string', true);
      if (char === '`') throw unknown('`');
      if (char === '$') parts.push(takeExpansion(true));
      else {
        const escapes = char === '\\' && /[$`"\\\n]/.test(script[at + 1] ?? '');
        const text = escapes ? (script[at + 1] ?? '') : char;
        parts.push({ kind: 'text', text: escapes && text === '\n' ? '' : text });
        at += escapes ? 2 : 1;
      }
    }
    at += 1;
    return parts;
  };

  const takeWord = (): Word => {
    const parts: WordPart[] = [];
    let quoted = false;
    for (let char = script[at]; char !== undefined && !endOfWord.test(char); char = script[at]) {
      if (char === "'") {
        const text = take(singleQuoted)?.[1];
        if (text === undefined) throw new ShellSyntaxError('unterminated quoted string', true);
        parts.push({ kind: 'text', text });
        quoted = true;
      } else if (char === '"') {
        parts.push(...takeDoubleQuoted());
        quoted = true;
      } else if (char === '$') parts.push(takeExpansion(false));
      else if (char === '`') throw unknown('`');
      else {
        const escaped = char === '\\';
        parts.push({ kind: 'text', text: escaped ? (script[at + 1] ?? '\\') : char });
        quoted ||= escaped;
        at += escaped ? 2 : 1;
      }
    }
    return { parts, quoted };
  };

  while (at < script.length) {
    if (take(blank)) continue;
    const redirection = take(redirect);
    const mode = redirection?.[2];
    const symbol = redirection ? null : take(operator);
    if (redirection && mode === undefined) tokens.push({ kind: 'redirect', fd: 0, mode: '<' });
    else if (mode === '>' || mode === '>>' || mode === '>&') {
      tokens.push({ kind: 'redirect', fd: redirection?.[1] === '2' ? 2 : 1, mode });
    } else if (symbol) tokens.push({ kind: 'operator', text: symbol[0] });
    else if (/[<>]/.test(script[at] ?? '')) throw unknown(script[at] ?? '');
    else tokens.push({ kind: 'word', word: takeWord() });
  }
  return [...tokens, { kind: 'end' }];
}

/** Where the parenthesis ends that was opened before `from`, those in quotes aside. */
function closingParenthesis(script: string, from: number): number {
  let depth = 1;
  for (let at = from; at < script.length; at += 1) {
    const char = script[at];
    if (char === '\\') at += 1;
    else if (char === "'" || char === '"') {
      const end = script.slice(at + 1).search(char === "'" ? /'/ : /(?<=(?:^|[^\\])(?:\\\\)*)"/);
      if (end === -1) break;
      at += end + 1;
    } else if (char === '(') depth += 1;
    else if (char === ')' && (depth -= 1) === 0) return at;
  }
  throw new ShellSyntaxError('unterminated substitution', true);
}

function unknown(text: string): ShellSyntaxError {
  return new ShellSyntaxError(`'${text}' is not part of the simulator's shell`);
}
