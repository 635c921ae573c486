import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { resultSchema } from '../../src/model/result.ts';
import { renderJunit } from '../junit.ts';
import { renderHtml } from './page.tsx';

const executablePath = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)]
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));
const skip = executablePath === undefined ? 'no chromium in /usr/bin or on PATH' : false;

const golden = resultSchema.parse(JSON.parse(readFileSync(new URL('../golden/result.json', import.meta.url), 'utf8')));

const benchmark = resultSchema.parse(
  JSON.parse(readFileSync(new URL('../golden/bench/result.json', import.meta.url), 'utf8')),
);

describe('report.html in a browser', { skip }, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'crible-page-'));
  const file = join(folder, 'report.html');
  const benchmarkFile = join(folder, 'benchmark.html');

  before(async () => {
    writeFileSync(file, await renderHtml(golden));
    writeFileSync(benchmarkFile, await renderHtml(benchmark));
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
    });
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  async function open(
    options: BrowserContextOptions,
    check: (page: Page) => Promise<void>,
    shown = file,
  ): Promise<void> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(pathToFileURL(shown).href)) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(pathToFileURL(shown).href);
    await check(page);
    assert.deepEqual(complaints, []);
    await context.close();
  }

  for (const javaScriptEnabled of [false, true]) {
    const scripts = javaScriptEnabled ? 'on' : 'off';

    test(`is whole with scripts ${scripts}`, async () => {
      await open({ javaScriptEnabled }, async (page) => {
        assert.equal(await page.locator('h1').count(), 1);
        assert.equal(await page.locator('main > section > h2').count(), 10);
        assert.ok(await page.getByText('24 passed').isVisible());
        const plots = page.locator('figure svg[role=img]');
        const { height } = (await plots.first().boundingBox()) ?? { height: 0 };
        assert.ok(height > 100, `a picture is ${String(height)} px high`);
      });
    });

    test(`leads from the matrix to the details of a case with scripts ${scripts}`, async () => {
      await open({ javaScriptEnabled }, async (page) => {
        await page.locator('.matrix td a', { hasText: 'runtime died' }).last().click();
        const article = page.locator('article:target');
        assert.ok(await article.getByText('the socket closed in the middle').isVisible());
        await article.locator('summary').click();
        assert.ok(await article.getByText('UNAVAILABLE: read ECONNRESET').isVisible());
      });
    });

    test(`narrows the matrix with scripts ${scripts}`, async () => {
      await open({ javaScriptEnabled }, async (page) => {
        const passedEverywhere = page.locator('#conformance tr', { hasText: 'pod-sandbox/run/ready' });
        const differing = page.locator('#conformance tr', { hasText: 'status/runtime-config' });
        const alike = page.locator('#conformance tr', { hasText: 'status/events' });
        assert.ok(await passedEverywhere.isVisible());
        await page.getByLabel('not passed everywhere').check();
        assert.deepEqual(await Promise.all([passedEverywhere, differing, alike].map((row) => row.isVisible())), [
          false,
          true,
          true,
        ]);
        await page.getByLabel('different between targets').check();
        assert.deepEqual(await Promise.all([passedEverywhere, differing, alike].map((row) => row.isVisible())), [
          false,
          true,
          false,
        ]);
      });
    });
  }

  const narrow = { width: 390, height: 844 };
  const looks: readonly BrowserContextOptions[] = [
    { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
    { colorScheme: 'dark', viewport: narrow },
  ];
  for (const look of looks) {
    for (const [name, shown] of Object.entries({ evaluation: file, benchmark: benchmarkFile })) {
      test(`breaks no accessibility rule of axe, ${name}, ${String(look.colorScheme)}`, async () => {
        await open(
          { ...look, bypassCSP: true },
          async (page) => {
            await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
            await page.evaluate(axe.source);
            const found = await page.evaluate<string[]>(`axe
              .run(document, { resultTypes: ['violations'] })
              .then(({ violations }) => violations.flatMap(({ id, nodes }) =>
                nodes.map((node) => id + ': ' + node.html.slice(0, 200) + ' ' + node.failureSummary)))`);
            assert.deepEqual(found, []);
          },
          shown,
        );
      });
    }
  }

  for (const [name, shown] of Object.entries({ evaluation: file, benchmark: benchmarkFile })) {
    test(`does not scroll sideways on a telephone, ${name}`, async () => {
      await open(
        { viewport: narrow },
        async (page) => {
          assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), narrow.width);
        },
        shown,
      );
    });
  }

  test('and its XML parser, which forgives nothing, takes junit.xml', async () => {
    const xml = JSON.stringify(await renderJunit(golden));
    await open({}, async (page) => {
      const [root, errors, cases] = await page.evaluate<[string, number, number]>(`{
        const parsed = new DOMParser().parseFromString(${xml}, 'application/xml');
        [parsed.documentElement.nodeName, parsed.querySelectorAll('parsererror').length, parsed.querySelectorAll('testcase').length];
      }`);
      assert.deepEqual([root, errors, cases], ['testsuites', 0, golden.cases.length]);
    });
  });

  test('prints what is folded away on the screen, and leaves out what only a screen needs', async () => {
    await open({ javaScriptEnabled: false }, async (page) => {
      // Playwright takes what a closed details element holds for visible; the browser knows better.
      const callShows = () => page.evaluate<boolean>("document.querySelector('.calls b').checkVisibility()");
      assert.equal(await callShows(), false);
      await page.emulateMedia({ media: 'print' });
      assert.equal(await callShows(), true);
      assert.equal(await page.locator('nav').isVisible(), false);
      assert.equal(await page.locator('.filter').isVisible(), false);
    });
  });
});
