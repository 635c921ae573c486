import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { resultSchema } from '../src/model/result.ts';
import { renderers } from './renderer.ts';

// Fixed results in every format: an evaluation of two runtimes that was interrupted, and a benchmark that compares, with noise
// floors and a fault; and readiness for a version of Kubernetes. After a change that is meant: UPDATE_GOLDEN=1 rewrites them,
// and the diff is the review.
const folders = { evaluation: 'golden/', benchmark: 'golden/bench/', readiness: 'golden/readiness/' };

for (const [name, folder] of Object.entries(folders)) {
  const fileOf = (fileName: string) => new URL(`${folder}${fileName}`, import.meta.url);
  const golden = resultSchema.parse(JSON.parse(readFileSync(fileOf('result.json'), 'utf8')));
  for (const [format, { fileName, render }] of Object.entries(renderers)) {
    // result.json is what the others are made of, laid out so that its diff can be read.
    if (format === 'json' && name === 'benchmark') continue;
    test(`renders the golden ${name} as ${format}`, async () => {
      const file = fileOf(fileName);
      const renderer = await render();
      const rendered = await renderer(golden);
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, rendered);
      assert.equal(rendered, readFileSync(file, 'utf8'), `${fileName} differs; UPDATE_GOLDEN=1 rewrites it`);
      assert.equal(await renderer(golden), rendered, 'the same result gives the same report');
    });
  }
}
