/// <reference lib="dom" />
import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { below, log, say, sayMany, settled, write } from './saying.ts';

const many = 220;
const most = 80;

const patience = { timeout: 30_000 };

let web: WebWorld;
let bob: Somebody;
let long: string;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  long = await web.channel('long', [bob]);
  await sayMany(bob, long, many);
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const rows = (page: Page): Promise<number> => page.locator('[data-row]').count();

const text = (page: Page, number: number) => log(page).getByText(`Message ${number}.`, { exact: false });

/** Scrolls as a wheel does, which leaves the rest to the page. */
const scrollTo = (page: Page, top: number): Promise<void> =>
  log(page).evaluate((log, top) => {
    log.scrollTop = top;
  }, top);

/** The first row that is wholly in view, and where its text stands. */
const anchorOf = (page: Page): Promise<{ row: string; top: number }> =>
  log(page).evaluate((log) => {
    const { top: edge } = log.getBoundingClientRect();
    for (const row of log.querySelectorAll<HTMLElement>('[data-row]')) {
      const body = row.querySelector('.message-body');
      const top = body?.getBoundingClientRect().top ?? -1;
      if (top >= edge) return { row: row.dataset['row'] ?? '', top };
    }
    throw new Error('no row is in view');
  });

const topOf = (page: Page, row: string): Promise<number> =>
  page.locator(`[data-row="${row}"] .message-body`).evaluate((body) => body.getBoundingClientRect().top);

const older = /\/messages\?.*before=/u;

test('a channel opens at its end, and few of its rows are in the page', { timeout: 120_000 }, async () => {
  const { page, complaints } = await web.enter(web.owner, `#/c/${long}`);
  await text(page, many).waitFor();
  await expect.poll(() => below(page), patience).toBeLessThan(20);
  expect(await rows(page)).toBeLessThan(most);
  expect(complaints).toEqual([]);
});

test(
  'older messages come before one is at the start, and what is read stays where it is',
  { timeout: 120_000 },
  async () => {
    const { page, complaints } = await web.enter(web.owner, `#/c/${long}`);
    await text(page, many).waitFor();
    let held: Route[] = [];
    await page.route(older, (route) => void held.push(route));
    let pages = 0;
    // To the very start each time, where nothing is left to hide behind.
    while ((await log(page).locator('.log-beginning').count()) === 0) {
      await scrollTo(page, 0);
      await expect.poll(() => held.length, patience).toBe(1);
      await settled(page);
      const anchor = await anchorOf(page);
      const height = await log(page).evaluate(({ scrollHeight }) => scrollHeight);
      for (const route of held) await route.continue();
      held = [];
      await expect
        .poll(() => log(page).evaluate(({ scrollHeight }) => scrollHeight), patience)
        .toBeGreaterThan(height);
      await settled(page);
      expect(Math.abs((await topOf(page, anchor.row)) - anchor.top)).toBeLessThanOrEqual(2);
      expect(await rows(page)).toBeLessThan(most);
      pages += 1;
      if (pages > 10) throw new Error('there is no end to it');
      if (pages * 60 >= many - 60) break;
    }
    expect(pages).toBeGreaterThan(1);
    await page.unroute(older);
    await scrollTo(page, 0);
    await log(page).getByText('This is the beginning of #long').waitFor();
    await text(page, 1).first().waitFor();
    expect(complaints).toEqual([]);
  },
);

test('a row above that grows late does not move what is read', { timeout: 120_000 }, async () => {
  const { page } = await web.enter(web.owner, `#/c/${long}`);
  await text(page, many).waitFor();
  await log(page).evaluate((log) => {
    log.scrollTop -= 700;
  });
  await settled(page);
  const anchor = await anchorOf(page);
  await log(page).evaluate((log) => {
    const { top } = log.getBoundingClientRect();
    const above = [...log.querySelectorAll<HTMLElement>('.message')].findLast(
      (row) => row.getBoundingClientRect().bottom < top,
    );
    if (above === undefined) throw new Error('no row is above');
    above.style.minHeight = '420px';
  });
  await settled(page);
  expect(Math.abs((await topOf(page, anchor.row)) - anchor.top)).toBeLessThanOrEqual(2);
});

test(
  'who is at the end stays there; who reads further up is told how much came',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('coming', [bob]);
    await sayMany(bob, channelId, 40);
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    await text(page, 40).waitFor();
    await say(bob, channelId, `a new one ${'and long '.repeat(200)}`);
    await log(page).getByText('a new one').waitFor();
    await expect.poll(() => below(page), patience).toBeLessThan(20);

    await log(page).hover();
    await page.mouse.wheel(0, -500);
    await page.getByRole('button', { name: 'Latest messages' }).waitFor();
    await settled(page);
    const anchor = await anchorOf(page);
    await say(bob, channelId, 'one further');
    await page.getByRole('button', { name: '1 new message' }).waitFor();
    await say(bob, channelId, 'two further');
    const button = page.getByRole('button', { name: '2 new messages' });
    await button.waitFor();
    await settled(page);
    expect(Math.abs((await topOf(page, anchor.row)) - anchor.top)).toBeLessThanOrEqual(2);
    await button.click();
    await page.getByText('two further').waitFor();
    await expect.poll(() => below(page), patience).toBeLessThan(20);
    await button.waitFor({ state: 'detached' });
    // What one says oneself is seen from everywhere.
    await page.mouse.wheel(0, -500);
    await page.getByRole('button', { name: 'Latest messages' }).waitFor();
    await write(page, 'my own');
    await expect.poll(() => below(page), patience).toBeLessThan(20);
    expect(complaints).toEqual([]);
  },
);

test(
  'what fails to come is told in its place, and comes when somebody tries again',
  { timeout: 120_000 },
  async () => {
    const { page } = await web.enter(web.owner, `#/c/${await web.channel('elsewhere')}`);
    await page.getByText('This is the beginning of #elsewhere').waitFor();
    const refuse = (route: Route): Promise<void> =>
      route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          type: 'about:blank',
          title: 'no',
          status: 403,
          code: 'FORBIDDEN',
          detail: 'not today',
          retryable: false,
        }),
      });
    await page.route(/\/messages(\?|$)/u, refuse);
    await page.goto(`${web.url}/#/c/${long}`);
    const error = page.getByRole('alert').filter({ hasText: 'could not be brought' });
    await error.waitFor();
    await page.unroute(/\/messages(\?|$)/u);
    await error.getByRole('button', { name: 'Try again' }).click();
    await text(page, many).waitFor();

    await page.route(older, refuse);
    await scrollTo(page, 0);
    const line = log(page).getByRole('alert').filter({ hasText: 'Older messages could not be brought' });
    await line.waitFor();
    await page.unroute(older);
    await line.getByRole('button', { name: 'Try again' }).click();
    await line.waitFor({ state: 'detached' });
    await vi.waitFor(async () => {
      await scrollTo(page, 0);
      expect(await log(page).getByText('This is the beginning of #long').count()).toBe(1);
    }, 60_000);
  },
);
