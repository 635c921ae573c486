/**
 * What `read [-r] NAME...` gives its variables: a field each, and the last one all that is left. Without -r a backslash is taken
 * away, which protects nothing here.
 * @throws Error on another option, or a name that is none.
 */
export function assignedFields(parameters: readonly string[], line: string): readonly (readonly [string, string])[] {
  const raw = parameters[0] === '-r';
  const names = raw ? parameters.slice(1) : parameters;
  for (const name of names) if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`${name}: bad variable name`);
  let rest = (raw ? line : line.replace(/\\(.)/g, '$1')).replace(/\n$/, '').trim();
  return (names.length === 0 ? ['REPLY'] : names).map((name, place, all) => {
    const end = place === all.length - 1 ? rest.length : rest.search(/\s|$/);
    const field = rest.slice(0, end);
    rest = rest.slice(end).trimStart();
    return [name, field];
  });
}
