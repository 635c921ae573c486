import type { Renderer } from './renderer.ts';

/** The result itself, laid out to be read and compared line by line; nothing is shortened or replaced. */
export const renderJson: Renderer = (result) => `${JSON.stringify(result, null, 2)}\n`;
