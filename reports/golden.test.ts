import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { resultSchema } from '../src/model/result.ts';
import { renderers } from './renderer.ts';

// One fixed result in every format. After a change that is meant: UPDATE_GOLDEN=1 rewrites them, and the diff is the review.
const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('golden/result.json', import.meta.url), 'utf8')));

for (const [format, { fileName, render }] of Object.entries(renderers)) {
  test(`renders the golden result as ${format}`, async () => {
    const file = new URL(`golden/${fileName}`, import.meta.url);
    const renderer = await render();
    const rendered = await renderer(golden);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, rendered);
    assert.equal(rendered, readFileSync(file, 'utf8'), `${fileName} differs; UPDATE_GOLDEN=1 rewrites it`);
    assert.equal(await renderer(golden), rendered, 'the same result gives the same report');
  });
}
