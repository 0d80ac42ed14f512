/// <reference lib="dom" />
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
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

/** Somebody says all of it, and somebody else looks at each of them. Answers with what has no place in a message. */
async function lookAt(name: string, texts: readonly string[]): Promise<string[]> {
  const channelId = await web.channel(name, [bob]);
  for (const text of texts) await say(bob, channelId, text.replaceAll('\u0000', ''));
  await say(bob, channelId, '**the end**');
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(web.url)) asked.push(request.url());
  });
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  await log(page).locator('strong', { hasText: 'the end' }).waitFor();
  const strange = new Set<string>();
  const seen = new Set<string>();
  // From the last to the first, so that each was in the page.
  for (let tries = 0; seen.size <= texts.length; tries += 1) {
    if (tries > 600) throw new Error(`only ${seen.size} of ${texts.length + 1} were seen`);
    const { rows, made } = await shown(page);
    for (const row of rows) seen.add(row);
    for (const one of made.flatMap(strangeIn)) strange.add(one);
  }
  expect(await page.evaluate(() => Reflect.get(window, 'ran') as unknown)).toBeUndefined();
  expect(asked).toEqual([]);
  expect(complaints).toEqual([]);
  await page.context().close();
  return [...strange];
}

/** Opens what is in view, tells what it is made of, and goes on upwards. */
const shown = (page: Page) =>
  log(page).evaluate(async (log) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const more = log.querySelectorAll<HTMLElement>('.show-more[aria-expanded="false"]');
    for (const button of more) button.click();
    if (more.length > 0) await frame();
    const rows = [...log.querySelectorAll<HTMLElement>('.message')];
    const made = [...log.querySelectorAll('.message-body *')].map(
      ({ tagName, attributes }) =>
        [tagName.toLowerCase(), [...attributes].map(({ name, value }) => [name, value] as const)] as const,
    );
    log.scrollTop -= 350;
    for (let frames = 0; frames < 3; frames += 1) await frame();
    return { rows: rows.map(({ dataset }) => dataset['message'] ?? ''), made };
  });

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
