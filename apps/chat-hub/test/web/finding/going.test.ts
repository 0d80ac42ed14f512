/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { fuzzy } from '../../../web/src/switcher/fuzzy.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
const ids: Record<string, string> = {};
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  for (const name of ['alpha', 'beta', 'gamma-rays', 'delta'])
    ids[name] = await web.channel(name, [bob], name === 'delta' ? 'private' : 'public');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const heading = (page: Page, name: string) =>
  page
    .getByRole('main')
    .getByRole('heading', { name: new RegExp(`^(Private channel|Channel|Conversation) ${name}$`, 'u') });
const field = (page: Page) => page.getByRole('combobox', { name: 'Find or go to' });
const active = (page: Page) => page.getByRole('option', { selected: true });

test(
  'the switcher goes to a channel by a few letters, and gives the focus back',
  { timeout: 120_000 },
  async () => {
    const { page, complaints } = await web.enter(web.owner, `#/c/${ids['alpha']}`);
    await heading(page, 'alpha').waitFor();
    const writing = page.getByRole('textbox', { name: 'Message' });
    await writing.focus();
    await page.keyboard.press('Control+k');
    await field(page).waitFor();
    await page.keyboard.press('Escape');
    await field(page).waitFor({ state: 'detached' });
    await expect.poll(() => writing.evaluate((one) => one === document.activeElement)).toBe(true);

    await page.keyboard.press('Control+k');
    await field(page).fill('gmr');
    await active(page).getByText('gamma-rays').waitFor();
    const named = await field(page).getAttribute('aria-activedescendant');
    expect(await active(page).getAttribute('id')).toBe(named);
    await page.keyboard.press('Enter');
    await heading(page, 'gamma-rays').waitFor();

    // Where one was last comes first, without anything typed.
    await page.keyboard.press('Control+k');
    await active(page).getByText('alpha').waitFor();
    await expect.poll(() => field(page).evaluate((one) => one.matches(':focus'))).toBe(true);
    await page.keyboard.press('Enter');
    await heading(page, 'alpha').waitFor();
    expect(complaints).toEqual([]);
  },
);

test(
  'the switcher opens a conversation, searches messages and does things',
  { timeout: 120_000 },
  async () => {
    const { page, complaints } = await web.enter(web.owner, `#/c/${ids['alpha']}`);
    await heading(page, 'alpha').waitFor();
    await page.keyboard.press('Control+k');
    await field(page).fill('bob');
    await active(page).getByText('@bob').waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'bob').waitFor();

    const panel = Promise.withResolvers<void>();
    await page.route('**/search-panel-*.js', async (route) => panel.promise.then(() => route.continue()));
    await page.keyboard.press('Control+k');
    await field(page).fill('a quite: "strange" wish');
    await page.getByRole('option', { name: /^Search messages for/u }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) =>
      decodeURIComponent(url.hash).endsWith('panel=search:a quite: "strange" wish'),
    );

    await page.keyboard.press('Control+k');
    await field(page).fill('create');
    await active(page).getByText('Create a channel').waitFor();
    // What comes late behind it leaves the keys to it.
    panel.resolve();
    await page.locator('[data-search-field]').waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Create a channel' }).waitFor();
    expect(complaints).toEqual([]);
  },
);

test('who may only read is not offered what they may not do', { timeout: 120_000 }, async () => {
  const otto = await web.person('otto', 'observer');
  await web.owner.call('putMember', { params: { channelId: ids['alpha'] ?? '', userId: otto.id }, body: {} });
  const { page } = await web.enter(otto, `#/c/${ids['alpha']}`);
  await heading(page, 'alpha').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('option', { name: 'Browse channels' }).waitFor();
  for (const name of ['Create a channel', 'New direct message', 'Administration'])
    expect(await page.getByRole('option', { name }).count()).toBe(0);
});

test(
  'keys go to the channel before, behind, and to the next one with something unread',
  { timeout: 120_000 },
  async () => {
    const { page, complaints } = await web.enter(web.owner, `#/c/${ids['alpha']}`);
    await heading(page, 'alpha').waitFor();
    await page.keyboard.press('Alt+ArrowDown');
    await heading(page, 'beta').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await heading(page, 'alpha').waitFor();
    await bob.call('sendMessage', {
      params: { channelId: ids['gamma-rays'] ?? '' },
      body: { content: 'news', clientId: 'news' },
    });
    await page.getByRole('link', { name: /^gamma-rays 1 unread/u }).waitFor();
    await page.keyboard.press('Alt+Shift+ArrowDown');
    await heading(page, 'gamma-rays').waitFor();
    expect(complaints).toEqual([]);
  },
);

test(
  'a question mark shows all keys, and is a question mark where one writes',
  { timeout: 120_000 },
  async () => {
    const { page } = await web.enter(web.owner, `#/c/${ids['alpha']}`);
    await heading(page, 'alpha').waitFor();
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await page.getByRole('textbox', { name: 'Message' }).focus();
    await page.keyboard.type('why?');
    await expect.poll(() => page.getByRole('textbox', { name: 'Message' }).inputValue()).toBe('why?');
    expect(await help.count()).toBe(0);
    await page.getByRole('main').focus();
    await page.keyboard.press('?');
    await help.getByText('Next unread channel').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
  },
);

test('letters find what people mean by them', () => {
  const first = (typed: string, ...texts: string[]): string | undefined =>
    texts
      .filter((text) => fuzzy(typed, text) !== undefined)
      .sort((a, b) => (fuzzy(typed, b) ?? 0) - (fuzzy(typed, a) ?? 0))[0];
  expect(first('gen', 'agenda', 'general', 'regent')).toBe('general');
  expect(first('rd', 'cardboard', 'research-and-development')).toBe('research-and-development');
  expect(first('dev', 'dave-vines', 'web-dev')).toBe('web-dev');
  expect(first('plan', 'planning-of-everything', 'plans')).toBe('plans');
  expect(first('jose', 'José Álvarez', 'Joanna Rose')).toBe('José Álvarez');
  expect(first('xyz', 'general', 'plans')).toBeUndefined();
  expect(fuzzy('', 'anything')).toBe(0);
});
