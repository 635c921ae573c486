import { styleText } from 'node:util';
import type { Writable } from 'node:stream';

type Colour = 'red' | 'green' | 'yellow' | 'dim' | 'bold';
/** Colours a text where the terminal shows colours and nobody asked for none (NO_COLOR); else leaves it alone. */
export type Style = (colour: Colour, text: string) => string;

export function styleFor(stream: Writable): Style {
  return (colour, text) => styleText(colour, text, { stream, validateStream: true });
}

export const plain: Style = (_colour, text) => text;
