import { startChromium, until, type Browser, type Page } from '@parley/services';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { contentOf, markerOf } from '../../src/generator/content.ts';
import { pageTotals, type Logged, type PageTotals } from '../../src/page/page-ledger.ts';
import { testimony, witness, type Testimony } from '../../src/page/witness.ts';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await startChromium();
}, 60_000);
afterAll(() => browser.close());
beforeEach(async () => {
  page = await browser.newPage();
  await page.setContent('<section role="log"></section><section role="log" class="timeline"></section>');
  await page.evaluate(witness('abc123'));
});

const log: readonly Logged[] = [1, 2, 3].map((seq) => ({ id: `m${seq}`, seq, number: 10 + seq }));
const contentFor = (number: number): string =>
  contentOf(markerOf('abc123'), { number, due: 1_000 + number }, 60);

/** As a page does it: in the place of its log, and perhaps as Markdown. */
async function show(id: string, number: number, place: 'append' | 'prepend' = 'append'): Promise<void> {
  const text = contentFor(number);
  await page.evaluate(
    `{ const row = document.createElement('div'); row.dataset.message = ${JSON.stringify(id)};
       row.textContent = 'Ann ' + ${JSON.stringify(text)}; document.querySelector('.timeline').${place}(row); }`,
  );
}

async function totals(shown: number): Promise<PageTotals> {
  const told = await until(
    async () => {
      const said = await page.evaluate<Testimony>(testimony);
      return said.painted.length >= shown && said;
    },
    { what: `${shown} messages are drawn` },
  );
  return pageTotals(told, log);
}

const right = { shown: 3, lost: 0, doubled: 0, disordered: 0, altered: 0 };

it('sees each message, which it is and when it was due, also where tildes strike through', async () => {
  await show('m1', 11);
  await show('m2', 12);
  await page.evaluate(
    `{ const row = document.createElement('div'); row.dataset.message = 'm3';
       row.innerHTML = '<del>abc123</del>' + ${JSON.stringify(contentFor(13).slice(8))}; document.querySelector('.timeline').append(row); }`,
  );
  expect(await totals(3)).toEqual(right);
  const { painted, rows } = await page.evaluate<Testimony>(testimony);
  expect(painted.map(([id, number, due]) => [id, number, due])).toEqual([
    ['m1', 11, 1_011],
    ['m2', 12, 1_012],
    ['m3', 13, 1_013],
  ]);
  for (const [, , , at] of painted) expect(at).toBeGreaterThan(0);
  expect(rows).toBe(3);
});

it('a message that is missing, stands there twice, or in a wrong place is seen', async () => {
  await show('m2', 12);
  await show('m1', 11);
  expect(await totals(2)).toEqual({ ...right, shown: 2, lost: 1, disordered: 1 });
  await show('m2', 12);
  await show('m3', 99);
  expect(await totals(3)).toEqual({ ...right, doubled: 1, disordered: 1, altered: 1 });
});

it('what was gone again when nobody looked was shown all the same', async () => {
  await page.evaluate(
    `{ const row = document.createElement('div'); row.dataset.message = 'm1';
       row.textContent = ${JSON.stringify(contentFor(11))}; document.querySelector('.timeline').append(row); }`,
  );
  await totals(1);
  await page.evaluate(`document.querySelector('.timeline').replaceChildren()`);
  await show('m2', 12);
  await show('m3', 13);
  expect(await totals(3)).toEqual(right);
});

it('a key is timed until the page hears of it and until it is drawn', async () => {
  await page.keyboard.press('a');
  const { keys, keysPainted } = await until(
    async () => {
      const said = await page.evaluate<Testimony>(testimony);
      return said.keysPainted.length > 0 && said;
    },
    { what: 'the key is drawn' },
  );
  expect([keys.length, keysPainted.length]).toEqual([1, 1]);
  expect(keysPainted[0]).toBeGreaterThanOrEqual(keys[0] ?? Infinity);
});
