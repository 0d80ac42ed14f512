/// <reference lib="dom" />
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { log, say } from '../timeline/saying.ts';
import { hostile, mixed } from './hostile.ts';
import { strangeIn } from './strange.ts';

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

/** The last paragraph of each: who shows it shows all before it. */
const ending = 'That was all.';

/** Somebody says all of it, and somebody else looks at each of them. Answers with what has no place in a message. */
async function lookAt(name: string, texts: readonly string[]): Promise<string[]> {
  const channelId = await web.channel(name, [bob]);
  for (const text of texts) await say(bob, channelId, `${text.replaceAll('\u0000', '')}\n\n${ending}`);
  await say(bob, channelId, `**the end**\n\n${ending}`);
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(web.url)) asked.push(request.url());
  });
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  // Until what reads Markdown has come, it is shown as it was typed.
  await log(page).locator('strong', { hasText: 'the end' }).waitFor();
  const strange = new Set<string>();
  const seen = new Set<string>();
  // From the last to the first, so that each was in the page.
  while (seen.size <= texts.length) {
    const { rows, made } = await shown(page);
    for (const row of rows) seen.add(row);
    for (const one of made.flatMap(strangeIn)) strange.add(one);
  }
  expect(await page.evaluate(() => Reflect.get(window, 'ran') as unknown)).toBeUndefined();
  expect(asked).toEqual([]);
  expect(complaints).toEqual([]);
  return [...strange];
}

/** Opens what is folded, tells what every row is made of that is there as a whole, and goes on to what is above them. */
const shown = (page: Page) =>
  log(page).evaluate(async (log, ending) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (const button of log.querySelectorAll<HTMLElement>('.show-more[aria-expanded="false"]'))
      button.click();
    await frame();
    const rows = [...log.querySelectorAll<HTMLElement>('.message')];
    const whole = rows.filter((row) => row.textContent.includes(ending));
    const made = whole
      .flatMap((row) => [...row.querySelectorAll('.message-body *')])
      .map(
        ({ tagName, attributes }) =>
          [tagName.toLowerCase(), [...attributes].map(({ name, value }) => [name, value] as const)] as const,
      );
    // From row to row, however high they are.
    const edge = log.getBoundingClientRect();
    const first = rows.find((row) => row.getBoundingClientRect().bottom > edge.top);
    if (first !== undefined && rows.slice(rows.indexOf(first)).every((row) => whole.includes(row)))
      log.scrollTop += first.getBoundingClientRect().top - edge.bottom + 1;
    await frame();
    return { rows: whole.map(({ dataset }) => dataset['message'] ?? ''), made };
  }, ending);

test(
  'nothing that is written runs, asks anybody for anything, or stops the page',
  { timeout: 300_000 },
  async () => expect(await lookAt('hostile', hostile)).toEqual([]),
);

test('no mixture of what is hostile does', { timeout: 300_000 }, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const texts = fc.sample(mixed, { seed, numRuns: 60 });
  expect([seed, ...(await lookAt('mixed', texts))]).toEqual([seed]);
});
