/** Backslash escapes of echo -e, printf and tr. */
const escape = /\\(?:([abefnrtv\\])|x([0-9a-fA-F]{1,2})|0?([0-7]{1,3}))/g;
const bytes: Readonly<Record<string, number>> = { a: 7, b: 8, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

/** The bytes of a text whose backslash escapes are resolved; other characters count as UTF-8. */
export function unescaped(text: string): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const match of text.matchAll(escape)) {
    const [whole, letter, hex, octal] = match;
    pieces.push(Buffer.from(text.slice(at, match.index)));
    const byte =
      letter !== undefined ? bytes[letter] : hex !== undefined ? parseInt(hex, 16) : parseInt(octal ?? '', 8);
    pieces.push(Buffer.from([byte ?? 0]));
    at = match.index + whole.length;
  }
  return Buffer.concat([...pieces, Buffer.from(text.slice(at))]);
}

/** printf(1) with %s, %b, %c, %d, %i, %u, %x, %o and %%, without widths; the format is used again while arguments are left. */
export function formatted(format: string, parameters: readonly string[]): Buffer {
  const left = [...parameters];
  const pieces: Buffer[] = [];
  do {
    const before = left.length;
    // The capture puts conversions at the odd places.
    for (const [place, part] of format.split(/(%.?)/s).entries()) {
      pieces.push(place % 2 === 1 ? converted(part, left) : unescaped(part));
    }
    if (left.length === before) break;
  } while (left.length > 0);
  return Buffer.concat(pieces);
}

function converted(conversion: string, left: string[]): Buffer {
  if (conversion === '%%') return Buffer.from('%');
  if (!/^%[sbcdiuxo]$/.test(conversion)) throw new Error(`invalid format '${conversion}'`);
  const value = left.shift();
  switch (conversion) {
    case '%b':
      return unescaped(value ?? '');
    case '%c':
      return Buffer.from((value ?? '').slice(0, 1));
    case '%s':
      return Buffer.from(value ?? '');
    default: {
      const number = Number(value ?? 0);
      if (!Number.isInteger(number)) throw new Error(`invalid number '${value ?? ''}'`);
      return Buffer.from(number.toString(conversion === '%x' ? 16 : conversion === '%o' ? 8 : 10));
    }
  }
}
