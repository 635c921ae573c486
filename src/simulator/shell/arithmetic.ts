/**
 * The value of a shell's `$((…))`: whole numbers and variables (0 when empty) with + - * / % and a sign, no parentheses.
 * @throws Error on anything else, and on a division by zero.
 */
export function evaluated(expression: string, valueOf: (variable: string) => string): number {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|\S/g) ?? [];
  let at = 0;

  const operand = (): number => {
    const token = tokens[at++] ?? '';
    if (token === '-') return -operand();
    const value = /^\w+$/.test(token) && !/^\d/.test(token) ? valueOf(token) || '0' : token;
    if (!/^-?\d+$/.test(value)) throw new Error(`arithmetic syntax error: ${expression}`);
    return Number(value);
  };

  const product = (): number => {
    let value = operand();
    for (let operator = tokens[at] ?? ''; ['*', '/', '%'].includes(operator); operator = tokens[at] ?? '') {
      at += 1;
      const right = operand();
      if (operator !== '*' && right === 0) throw new Error('divide by zero');
      value = operator === '*' ? value * right : operator === '/' ? Math.trunc(value / right) : value % right;
    }
    return value;
  };

  let value = product();
  for (let operator = tokens[at]; operator === '+' || operator === '-'; operator = tokens[at]) {
    at += 1;
    value += operator === '+' ? product() : -product();
  }
  if (at < tokens.length) throw new Error(`arithmetic syntax error: ${expression}`);
  return value;
}
