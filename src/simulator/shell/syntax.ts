import { ShellSyntaxError, tokenize } from './tokens.ts';
import type { Token, Word } from './tokens.ts';

/** Commands one after the other. */
export type Script = readonly Command[];

export interface Redirect {
  readonly fd: 0 | 1 | 2;
  readonly mode: '<' | '>' | '>>' | '>&';
  readonly target: Word;
}

export type Command =
  | { readonly kind: 'simple'; readonly words: readonly Word[]; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'assignment'; readonly variable: string; readonly value: Word }
  | { readonly kind: 'pipeline'; readonly commands: Script; readonly negated: boolean }
  | { readonly kind: 'and-or'; readonly left: Command; readonly operator: '&&' | '||'; readonly right: Command }
  | { readonly kind: 'background'; readonly command: Command }
  | { readonly kind: 'loop'; readonly endsOn: 'success' | 'failure'; readonly condition: Script; readonly body: Script }
  | { readonly kind: 'for'; readonly variable: string; readonly words: readonly Word[]; readonly body: Script }
  | { readonly kind: 'if'; readonly condition: Script; readonly body: Script; readonly otherwise: Script }
  | { readonly kind: 'group'; readonly body: Script }
  | { readonly kind: 'subshell'; readonly body: Script }
  /** A compound command with redirections. */
  | { readonly kind: 'redirected'; readonly command: Command; readonly redirects: readonly Redirect[] }
  /** A shell without a script, which takes its commands from standard input. */
  | { readonly kind: 'standard-input' };

const reserved = new Set(['!', '{', '}', 'while', 'until', 'for', 'do', 'done', 'if', 'then', 'elif', 'else', 'fi']);

/**
 * Reads a script in the simulator's part of the POSIX shell: simple commands with quotes, variables, arithmetic, `$(…)` and redirection,
 * joined by `;`, newline, `&`, `&&`, `||` and `|`, and the compound commands while, until, for … in, if, { } and ( ).
 * @throws ShellSyntaxError on everything else.
 */
export function parseScript(text: string): Script {
  const tokens = tokenize(text, parseScript);
  let at = 0;

  const peek = (): Token => tokens[at] ?? { kind: 'end' };
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const isOperator = (...texts: readonly string[]): boolean => {
    const token = peek();
    return token.kind === 'operator' && texts.includes(token.text);
  };
  const isKeyword = (...words: readonly string[]): boolean =>
    words.includes(keywordOf(peek()) ?? '') || (words.includes(')') && isOperator(')'));
  const expectKeyword = (word: string): void => {
    if (!isKeyword(word)) throw unexpected(peek(), `'${word}'`);
    at += 1;
  };
  const skipNewlines = (): void => {
    while (isOperator('\n')) at += 1;
  };

  /** Commands up to one of the keywords that close the surrounding command, or to the end. */
  const script = (...closing: readonly string[]): Script => {
    const commands: Command[] = [];
    skipNewlines();
    while (peek().kind !== 'end' && !isKeyword(...closing)) {
      const command = andOr();
      commands.push(isOperator('&') ? { kind: 'background', command } : command);
      if (isOperator('&', ';', '\n')) at += 1;
      else if (peek().kind !== 'end' && !isKeyword(...closing)) throw unexpected(peek());
      skipNewlines();
    }
    if (closing.length > 0 && commands.length === 0) throw unexpected(peek());
    return commands;
  };

  const andOr = (): Command => {
    let left = pipeline();
    while (isOperator('&&', '||')) {
      const operator = isOperator('&&') ? '&&' : '||';
      at += 1;
      skipNewlines();
      left = { kind: 'and-or', left, operator, right: pipeline() };
    }
    return left;
  };

  const pipeline = (): Command => {
    const negated = isKeyword('!');
    if (negated) at += 1;
    const first = command();
    const commands = [first];
    while (isOperator('|')) {
      at += 1;
      skipNewlines();
      commands.push(command());
    }
    return commands.length === 1 && !negated ? first : { kind: 'pipeline', commands, negated };
  };

  const command = (): Command => {
    const compound = isOperator('(') || keywordOf(peek()) !== undefined;
    if (!compound) return simple();
    const within = compoundCommand();
    const redirects: Redirect[] = [];
    for (let token = peek(); token.kind === 'redirect'; token = peek()) redirects.push(redirect(token));
    return redirects.length === 0 ? within : { kind: 'redirected', command: within, redirects };
  };

  const compoundCommand = (): Command => {
    if (isOperator('(')) {
      at += 1;
      const body = script(')');
      if (!isOperator(')')) throw unexpected(peek());
      at += 1;
      return { kind: 'subshell', body };
    }
    const keyword = keywordOf(peek());
    switch (keyword) {
      case 'while':
      case 'until': {
        at += 1;
        const condition = script('do');
        return { kind: 'loop', endsOn: keyword === 'while' ? 'failure' : 'success', condition, body: doBody() };
      }
      case 'for':
        at += 1;
        return forLoop();
      case 'if':
        at += 1;
        return conditional();
      case '{': {
        at += 1;
        const body = script('}');
        expectKeyword('}');
        return { kind: 'group', body };
      }
      default:
        throw unexpected(peek());
    }
  };

  const doBody = (): Script => {
    expectKeyword('do');
    const body = script('done');
    expectKeyword('done');
    return body;
  };

  const forLoop = (): Command => {
    const variable = literalOf(next());
    if (variable === undefined || literalOf(next()) !== 'in') throw unexpected(peek(), "'for NAME in'");
    const words: Word[] = [];
    for (let token = peek(); token.kind === 'word'; token = peek()) {
      words.push(token.word);
      at += 1;
    }
    if (isOperator(';')) at += 1;
    skipNewlines();
    return { kind: 'for', variable, words, body: doBody() };
  };

  const conditional = (): Command => {
    const condition = script('then');
    expectKeyword('then');
    const body = script('elif', 'else', 'fi');
    const closing = keywordOf(next());
    if (closing === 'elif') return { kind: 'if', condition, body, otherwise: [conditional()] };
    const otherwise = closing === 'else' ? script('fi') : [];
    if (closing === 'else') expectKeyword('fi');
    else if (closing !== 'fi') throw unexpected(peek(), "'fi'");
    return { kind: 'if', condition, body, otherwise };
  };

  const redirect = ({ fd, mode }: Token & { kind: 'redirect' }): Redirect => {
    at += 1;
    const target = next();
    if (target.kind !== 'word') throw unexpected(target, 'a file');
    return { fd, mode, target: target.word };
  };

  const simple = (): Command => {
    const words: Word[] = [];
    const redirects: Redirect[] = [];
    for (let token = peek(); token.kind === 'word' || token.kind === 'redirect'; token = peek()) {
      if (token.kind === 'redirect') redirects.push(redirect(token));
      else {
        words.push(token.word);
        at += 1;
      }
    }
    const [first] = words;
    if (first === undefined) throw unexpected(peek());
    return assignmentOf(first, words.length) ?? { kind: 'simple', words, redirects };
  };

  const whole = script();
  if (peek().kind !== 'end') throw unexpected(peek());
  return whole;
}

/** `NAME=VALUE`; before a command, where it would hold for that command alone, it is not part of the subset. */
function assignmentOf(word: Word, wordCount: number): Command | undefined {
  const text = word.parts.map((part) => (part.kind === 'text' ? part.text : '\0')).join('');
  const variable = /^([A-Za-z_]\w*)=/.exec(text)?.[1];
  if (variable === undefined) return undefined;
  if (wordCount > 1) throw new ShellSyntaxError(`'${variable}=' before a command is not part of the simulator's shell`);
  const parts = [...word.parts];
  for (let length = variable.length + 1; length > 0;) {
    const part = parts.shift();
    if (part?.kind !== 'text') break;
    if (part.text.length > length) parts.unshift({ kind: 'text', text: part.text.slice(length) });
    length -= part.text.length;
  }
  // A value is never cut at white space.
  const whole = parts.map((part) => (part.kind === 'text' ? part : { ...part, quoted: true }));
  return { kind: 'assignment', variable, value: { parts: whole, quoted: true } };
}

function literalOf(token: Token): string | undefined {
  if (token.kind !== 'word' || token.word.quoted) return undefined;
  const texts = token.word.parts.map((part) => (part.kind === 'text' ? part.text : undefined));
  return texts.includes(undefined) ? undefined : texts.join('');
}

function keywordOf(token: Token): string | undefined {
  const text = literalOf(token);
  return text !== undefined && reserved.has(text) ? text : undefined;
}

function unexpected(token: Token, wanted?: string): ShellSyntaxError {
  const found =
    token.kind === 'end'
      ? 'end of script'
      : token.kind === 'operator'
        ? JSON.stringify(token.text)
        : (literalOf(token) ?? 'a word');
  const message = `unexpected ${found}${wanted === undefined ? '' : `, wanted ${wanted}`}`;
  return new ShellSyntaxError(message, token.kind === 'end');
}
