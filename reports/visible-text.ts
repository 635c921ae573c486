/**
 * Text from a runtime is hostile: it may move the cursor of a terminal, turn the reading direction of a page around or
 * be illegal in XML. Everything that a reader cannot see is replaced by its code point in angle quotation marks.
 * Line feeds and tabs stay; so do joiners that scripts and emoji need.
 */
export function visible(text: string): string {
  return text.replace(unseen, (character) => {
    const codePoint = character.codePointAt(0) ?? 0;
    return `‹U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/**
 * Controls but for line feed and tab, marks and overrides of direction, spaces without width, line and paragraph
 * separators, lone surrogates, the byte order mark, non-characters and invisible tags.
 */
const unseen =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|\p{Surrogate}|[\u{e0000}-\u{e007f}]/gu;

/** At most `maxLength` UTF-16 units of the text, never half a character, then how many are left out. */
export function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = headOf(text, maxLength);
  return `${head}… (${(text.length - head.length).toLocaleString('en')} more characters in result.json)`;
}

/** At most `maxLength` UTF-16 units of the text, never half a character. */
export function headOf(text: string, maxLength: number): string {
  const lastUnit = text.charCodeAt(maxLength - 1);
  const splits = lastUnit >= 0xd800 && lastUnit <= 0xdbff;
  return text.slice(0, splits ? maxLength - 1 : maxLength);
}
