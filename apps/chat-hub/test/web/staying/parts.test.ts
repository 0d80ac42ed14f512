import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
beforeAll(async () => void (web = await openWebWorld()), 120_000);
afterAll(async () => web[Symbol.asyncDispose]());

test(
  'a page that misses a part of its own begins anew: each time that another version came, and not over and over',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('parts', []);
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    const more = page.getByRole('button', { name: 'More', exact: true });
    const [menu, bell] = ['**/channel-menu-parts-*.js', '**/notification-menu-parts-*.js'];
    let began = 0;
    page.on('load', () => (began += 1));
    await page.clock.install();

    await more.waitFor();
    await page.route(menu, (route) => route.abort(), { times: 1 });
    await more.click();
    await expect.poll(() => began).toBe(1);
    await more.click();
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('Escape');

    // What is missing at once again will be missing the next time, too.
    await page.route(bell, (route) => route.abort(), { times: 1 });
    const missed = page.waitForEvent('requestfailed', (request) =>
      request.url().includes('/notification-menu-parts-'),
    );
    await page.getByRole('button', { name: /^Notifications:/u }).click();
    await missed;
    await page.getByRole('heading', { name: 'parts' }).first().click();
    expect(began).toBe(1);
    await page.clock.fastForward('15:00');
    await page.getByRole('heading', { name: 'parts' }).first().click();
    await expect.poll(() => began).toBe(2);
    await more.waitFor();
  },
);

/** Misses a part, and presses again: only a page that has not begun anew asks for the hub a second time. */
async function missTwice(page: Page, name: string): Promise<void> {
  const looks = () => page.waitForResponse((answer) => answer.request().method() === 'HEAD');
  await page.route('**/channel-menu-parts-*.js', (route) => route.abort(), { times: 1 });
  const first = looks();
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await first;
  const second = looks();
  await page.getByRole('heading', { name }).first().click();
  await second;
}

test('what is written and not yet kept anywhere keeps the page as it is', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('kept', []);
  const { page } = await web.enter(web.owner, `#/c/${channelId}`);
  let began = 0;
  page.on('load', () => (began += 1));
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  await field.fill('said');
  await field.press('Enter');
  await page.getByRole('article').filter({ hasText: 'said' }).locator(':scope:not([data-state])').waitFor();
  await field.press('ArrowUp');
  const form = page.getByRole('textbox', { name: 'Change the message' });
  await form.fill('half a change');
  await missTwice(page, 'kept');
  expect(await form.inputValue()).toBe('half a change');
  expect(began).toBe(0);

  await form.press('Escape');
  await page.getByRole('heading', { name: 'kept' }).first().click();
  await expect.poll(() => began).toBe(1);
});

test('what waits to be sent keeps the page as it is', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('waiting', []);
  const { page } = await web.enter(web.owner, '');
  await page.routeWebSocket(/\/api\/v1\/socket/u, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      if (!String(text).includes('on its way')) server.send(text);
    });
  });
  await page.goto(`${web.url}/#/c/${channelId}`);
  await page.reload();
  const field = page.getByRole('textbox', { name: 'Message', exact: true });
  await field.fill('on its way');
  await field.press('Enter');
  const own = page.getByRole('article').filter({ hasText: 'on its way' });
  await own.and(page.locator('[data-state]')).waitFor();
  let began = 0;
  page.on('load', () => (began += 1));
  await missTwice(page, 'waiting');
  expect(began).toBe(0);
  expect(await own.getAttribute('data-state')).not.toBeNull();
});
