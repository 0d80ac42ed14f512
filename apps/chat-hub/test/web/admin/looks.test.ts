import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { barriersIn } from '../../support/axe.ts';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let pages: readonly (readonly [name: string, heading: string])[];
beforeAll(async () => {
  web = await openWebWorld();
  const bob = await web.person('bob');
  const coder = await web.agent('coder');
  const channelId = await web.channel('plans', [bob]);
  const params = { channelId };
  await web.owner.call('createIncomingWebhook', { params, body: { name: 'Alerts' } });
  const { webhook } = await web.owner.call('createWebhook', {
    params,
    body: { name: 'Build', url: 'https://ci.example/hook', events: ['channel.message'] },
  });
  await web.owner.call('createSetupCode', { params: { userId: bob.id } });
  pages = [
    ['overview', 'Overview'],
    ['users', 'People'],
    [`users/${bob.id}`, 'bob'],
    ['agents', 'Agents'],
    [`agents/${coder.id}`, 'coder'],
    ['tokens', 'Your tokens'],
    ['webhooks', 'Webhooks'],
    [`webhooks/${channelId}/${webhook.id}`, 'Deliveries'],
    ['limits', 'Limits'],
    ['audit', 'Audit log'],
    ['announce', 'Announce'],
    ['retention', 'Retention'],
    ['backup', 'Backup'],
  ];
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const patience = { timeout: 120_000 };

/** Everything is there, and nothing is on its way. */
async function settled(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, exact: true, level: 2 }).waitFor();
  const coming = page.locator('main [aria-busy="true"], main .waiting');
  await expect.poll(() => coming.count(), { timeout: 30_000 }).toBe(0);
}

test.each([
  ['light', 1280],
  ['dark', 760],
  ['light', 320],
] as const)(
  'every page can be used by everybody: %s, %i pixels wide',
  patience,
  async (colorScheme, width) => {
    const { page, complaints } = await web.enter(web.owner, '#/admin', {
      colorScheme,
      viewport: { width, height: 800 },
      reducedMotion: 'reduce',
    });
    for (const [name, heading] of pages) {
      await page.evaluate(`location.assign('#/admin/${name}')`);
      await settled(page, heading);
      expect([name, await barriersIn(page)]).toEqual([name, []]);
      const beyond = await page
        .locator('.admin-scroll')
        .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
      expect([name, beyond]).toEqual([name, 0]);
    }
    expect(complaints).toEqual([]);
  },
);

test('rows are cards where there is little room, and still a table to who hears them', patience, async () => {
  const { page } = await web.enter(web.owner, '#/admin/users', { viewport: { width: 320, height: 800 } });
  const table = page.getByRole('table', { name: 'People' });
  const cell = table.getByRole('row').filter({ hasText: '@bob' }).getByRole('cell').nth(1);
  await cell.getByText('Member').waitFor();
  expect((await cell.boundingBox())?.width).toBeGreaterThan(200);
  expect(await cell.getAttribute('data-head')).toBe('Role');
  expect(await table.getByRole('columnheader', { name: 'Role' }).count()).toBe(1);
});

test('dialogs can be used by everybody, and by the keyboard alone', patience, async () => {
  const { page, complaints } = await web.enter(web.owner, '#/admin/tokens', { reducedMotion: 'reduce' });
  const open = page.getByRole('button', { name: 'New token' }).first();
  await open.focus();
  await page.keyboard.press('Enter');
  const form = page.getByRole('dialog');
  await form.waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await page.getByLabel('What it is for').focus();
  await page.keyboard.type('Keys');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: /Keys/u }).waitFor();
  expect(await barriersIn(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await form.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});
