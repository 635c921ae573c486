import { absolute } from '../surroundings.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Terminal } from '../terminal.ts';

/**
 * test(1) with one string, -n, -z, -e, -f, -t, =, != and the numeric comparisons, and ! before them. Redirections do not show in
 * -t: a process has a terminal on all its standard streams, or on none.
 */
export function holds(
  parameters: readonly string[],
  surroundings: Surroundings,
  terminal: Terminal | undefined,
): boolean {
  if (parameters[0] === '!') return !holds(parameters.slice(1), surroundings, terminal);
  const [left = '', operator = '', right = ''] = parameters;
  if (parameters.length < 2) return left !== '';
  if (parameters.length === 2) {
    if (left === '-n') return operator !== '';
    if (left === '-z') return operator === '';
    if (left === '-e' || left === '-f') return surroundings.files.has(absolute(operator, surroundings));
    if (left === '-t') return integer(operator) <= 2 && terminal !== undefined;
    throw new Error(`${left}: unknown operand`);
  }
  switch (operator) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '-eq':
      return integer(left) === integer(right);
    case '-ne':
      return integer(left) !== integer(right);
    case '-lt':
      return integer(left) < integer(right);
    case '-le':
      return integer(left) <= integer(right);
    case '-gt':
      return integer(left) > integer(right);
    case '-ge':
      return integer(left) >= integer(right);
    default:
      throw new Error(`${operator}: unknown operand`);
  }
}

/** @throws Error when the text is no whole number. */
export function integer(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`invalid number '${text}'`);
  return Number(text);
}
