/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { log, say, sayAll, sayMany, write } from './saying.ts';

const patience = { timeout: 30_000 };

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const reading = async (channelId: string): Promise<{ unread: number; lastReadSeq: number } | undefined> =>
  (await web.owner.call('listUnreads')).items.find((one) => one.channelId === channelId);

const dayMs = 86_400_000;

test(
  'days are parted, and what one sender says within minutes stands together',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('days', [bob]);
    const ids: string[] = [];
    for (const text of ['long ago', 'the day before', 'shortly after', 'today'])
      ids.push((await say(bob, channelId, text)).id);
    const noon = new Date().setHours(12, 0, 0, 0);
    const times = [noon - 40 * dayMs, noon - dayMs, noon - dayMs + 60_000];
    for (const [at, time] of times.entries())
      await web.world
        .tables()
        .updateTable('messages')
        .set({ at: time })
        .where('id', '=', ids[at] ?? '')
        .execute();
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    await log(page).getByText('today', { exact: true }).waitFor();
    const lines = () => log(page).locator('.day-line time').allTextContents();
    await expect.poll(lines, patience).toEqual([expect.any(String), 'Yesterday', 'Today']);
    await expect.poll(() => log(page).locator('.message-head').count(), patience).toBe(3);
    expect(
      await log(page).locator('.message', { hasText: 'shortly after' }).locator('.message-head').count(),
    ).toBe(0);
    // The whole date is there for who asks.
    expect(await log(page).locator('.message-head time').first().getAttribute('title')).toMatch(/\d{4}/u);
    expect(complaints).toEqual([]);
  },
);

test(
  'the line before what is new stays while one is there, and seeing the end is reading',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('news', [bob]);
    const elsewhere = await web.channel('elsewhere', [bob]);
    await say(bob, channelId, 'known');
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    await log(page).getByText('known').waitFor();
    await expect.poll(async () => (await reading(channelId))?.unread, patience).toBe(0);
    await page.goto(`${web.url}/#/c/${elsewhere}`);
    await page.getByText('This is the beginning of #elsewhere').waitFor();
    await say(bob, channelId, 'missed');
    await say(bob, channelId, 'missed, too');
    await page.goto(`${web.url}/#/c/${channelId}`);
    await log(page).getByText('missed, too').waitFor();
    const line = log(page).locator('.day-line', { hasText: 'New' });
    await line.waitFor();
    await expect.poll(async () => (await reading(channelId))?.unread, patience).toBe(0);
    expect(await line.count()).toBe(1);
    // It stands right before the first that was missed.
    const below = await line.evaluate((line) => line.nextElementSibling?.textContent);
    expect(below).toContain('missed');
    expect(below).not.toContain('too');
    await say(bob, channelId, 'live');
    await log(page).getByText('live', { exact: true }).waitFor();
    await expect.poll(async () => (await reading(channelId))?.unread, patience).toBe(0);
    expect(await line.evaluate((line) => line.nextElementSibling?.textContent)).toBe(below);
  },
);

test('what began to be unread further back is counted, and found', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('far-back', [bob]);
  const missed = Array.from({ length: 250 }, (_, at) => `missed ${at + 1}.`);
  await sayAll(bob, channelId, missed);
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  const notice = page.getByText('250 new messages since you were here');
  await notice.waitFor();
  expect(await log(page).getByText('missed 1.', { exact: true }).count()).toBe(0);
  await page.getByRole('button', { name: 'To the first' }).click();
  await log(page).getByText('missed 1.', { exact: true }).waitFor();
  await log(page).locator('.day-line', { hasText: 'New' }).waitFor();
  await notice.waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('nothing is read while the page has not the focus', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('away', [bob]);
  await say(bob, channelId, 'first');
  const { page } = await web.enter(web.owner, `#/c/${channelId}`);
  await log(page).getByText('first').waitFor();
  await expect.poll(async () => (await reading(channelId))?.unread, patience).toBe(0);
  await page.evaluate(() => {
    document.hasFocus = () => false;
    dispatchEvent(new Event('blur'));
  });
  await say(bob, channelId, 'second');
  await log(page).getByText('second').waitFor();
  await log(page).locator('.day-line', { hasText: 'New' }).waitFor();
  expect((await reading(channelId))?.unread).toBe(1);
  await page.evaluate(() => {
    document.hasFocus = () => true;
    dispatchEvent(new Event('focus'));
  });
  await expect.poll(async () => (await reading(channelId))?.unread, patience).toBe(0);
});

test(
  'a link leads to its message, however far back, and says when there is none',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('far', [bob]);
    const target = await say(bob, channelId, 'the one');
    const reply = await say(bob, channelId, 'a reply to it', { threadId: target.id });
    await sayMany(bob, channelId, 130);
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}/m/${target.id}`);
    const row = log(page).locator(`[data-message="${target.id}"]`);
    await row.and(page.locator('[data-marked]')).waitFor();
    await expect.poll(() => row.evaluate((row) => document.activeElement === row), patience).toBe(true);
    const inView = (): Promise<boolean> =>
      row.evaluate((row) => {
        const box = row.closest('.timeline')?.getBoundingClientRect();
        const { top, bottom } = row.getBoundingClientRect();
        return box !== undefined && top >= box.top && bottom <= box.bottom;
      });
    await expect.poll(inView, patience).toBe(true);
    await page.getByRole('button', { name: /new messages/u }).click();
    await log(page).getByText('Message 130.').waitFor();

    // A reply is shown in its thread.
    await page.goto(`${web.url}/#/c/${channelId}/m/${reply.id}`);
    await page.getByRole('log', { name: 'Thread' }).getByText('a reply to it').waitFor();
    await expect.poll(inView, patience).toBe(true);
    expect(complaints).toEqual([]);

    await page.goto(`${web.url}/#/c/${channelId}/m/${channelId}`);
    await page.getByText('The message that the link leads to is not in this channel.').waitFor();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByText('The message that the link leads to').waitFor({ state: 'detached' });
  },
);

test(
  'an own message is there at once, once, and tells when it cannot be sent',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('mine', [bob]);
    await say(web.owner, channelId, 'Welcome');
    const { page } = await web.enter(bob, `#/c/${channelId}`);
    // What the page says to the hub waits here for as long as it is to be under way.
    let held: (() => void)[] | undefined;
    await page.routeWebSocket(/.*/u, (socket) => {
      const hub = socket.connectToServer();
      socket.onMessage((frame) => {
        if (held === undefined) hub.send(frame);
        else held.push(() => hub.send(frame));
      });
    });
    const release = (): void => {
      const waiting = held ?? [];
      held = undefined;
      for (const send of waiting) send();
    };
    const nothingWaits = (): Promise<unknown> =>
      page.waitForFunction(() => document.querySelector('.message[data-state]') === null);
    await page.reload();
    await log(page).getByText('Welcome').waitFor();
    held = [];
    await write(page, 'On its **way**');
    const own = log(page).locator('.message', { hasText: 'On its way' });
    await own.and(page.locator('[data-state="sending"]')).waitFor();
    const before = await own.evaluateHandle((row) => row);
    release();
    await nothingWaits();
    expect(await own.count()).toBe(1);
    // The row is the same one: it did not go away and come again.
    expect(await before.evaluate((row) => row.isConnected)).toBe(true);

    held = [];
    await write(page, 'Not for now');
    const failed = log(page).locator('.message', { hasText: 'Not for now' });
    await failed.and(page.locator('[data-state="sending"]')).waitFor();
    const params = { channelId, userId: bob.id };
    await web.owner.call('muteMember', { params, body: {} });
    release();
    await failed.getByText(/Not sent: .+/u).waitFor();
    await web.owner.call('unmuteMember', { params });
    await failed.getByRole('button', { name: 'Retry' }).click();
    await nothingWaits();

    held = [];
    await write(page, 'Better not');
    const dropped = log(page).locator('.message', { hasText: 'Better not' });
    await dropped.waitFor();
    await web.owner.call('muteMember', { params, body: {} });
    release();
    await dropped.getByRole('button', { name: 'Discard' }).click();
    await dropped.waitFor({ state: 'detached' });
    const said = await web.owner.call('listMessages', { params: { channelId }, query: {} });
    expect(said.items.map(({ content }) => content)).toEqual(['Welcome', 'On its **way**', 'Not for now']);
  },
);

test('the arrow keys go from message to message, and Enter into one', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('keys', [bob]);
  await sayMany(bob, channelId, 60);
  const { page } = await web.enter(web.owner, `#/c/${channelId}`);
  await log(page).getByText('Message 60.').waitFor();
  const focused = (): Promise<string> =>
    page.evaluate(() => document.activeElement?.closest('[data-row]')?.textContent ?? '');
  await log(page).locator('[data-row][tabindex="0"]').focus();
  await expect.poll(focused, patience).toContain('Message 60.');
  for (let at = 59; at >= 50; at -= 1) {
    await page.keyboard.press('ArrowUp');
    await expect.poll(focused, patience).toContain(`Message ${at}.`);
  }
  await page.keyboard.press('Home');
  await expect.poll(focused, patience).toContain('Message 1.');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await expect.poll(focused, patience).toContain('Message 60.');
  await expect.poll(() => log(page).locator('[data-row][tabindex="0"]').count(), patience).toBe(1);
  await page.keyboard.press('Enter');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.tagName), patience)
    .toMatch(/BUTTON|A/u);
  await page.keyboard.press('Escape');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-row')), patience)
    .toBe(true);
});

test(
  'what comes at the end is read out, and what is scrolled into view is not',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('aloud', [bob]);
    await sayMany(bob, channelId, 40);
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    // What was there before is no news: until the rows are there, nothing is read out.
    await page.addInitScript(() => {
      const heard = new MutationObserver(() => {
        const log = document.querySelector('[role="log"]');
        const first = log?.querySelector('[data-row]');
        if (first === null || first === undefined) return;
        document.documentElement.dataset['heard'] = log?.getAttribute('aria-live') ?? '';
        heard.disconnect();
      });
      heard.observe(document, { subtree: true, childList: true });
    });
    await page.reload();
    await page.locator('html[data-heard="off"]').waitFor();
    await expect.poll(() => log(page).getAttribute('aria-live'), patience).toBe('polite');
    await log(page).hover();
    await page.mouse.wheel(0, -600);
    await expect.poll(() => log(page).getAttribute('aria-live'), patience).toBe('off');
    await say(bob, channelId, 'listen');
    await page.getByRole('status').filter({ hasText: '1 new message' }).waitFor();
  },
);
