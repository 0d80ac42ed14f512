/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { barriersIn } from '../../support/axe.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { log, say, sayAll } from '../timeline/saying.ts';

const patience = { timeout: 30_000 };

let web: WebWorld;
let bob: Somebody;
let cod: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  cod = await web.agent('coder');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const thread = (page: Page) => page.getByRole('log', { name: 'Thread' });

test(
  'a thread stands beside the channel, with who wrote in it and where one writes',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('threads', [bob, cod]);
    const root = await say(web.owner, channelId, 'Shall we?');
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    await log(page).getByText('Shall we?').waitFor();
    await say(bob, channelId, 'We shall', { threadId: root.id });
    const summary = log(page).getByRole('button', { name: /1 reply/u });
    await summary.waitFor();
    // Somebody answered one's own message, and it was not seen.
    await summary.getByText('New').waitFor();
    expect(await log(page).getByText('We shall').count()).toBe(0);
    await summary.click();
    await thread(page).getByText('We shall').waitFor();
    await thread(page).getByText('Shall we?').waitFor();
    await summary.getByText('New').waitFor({ state: 'detached' });

    const panel = page.getByRole('complementary', { name: 'Thread' });
    await panel.getByRole('textbox', { name: 'Message' }).fill('Then **do**');
    await page.keyboard.press('Enter');
    await thread(page).locator('strong', { hasText: 'do' }).waitFor();
    await log(page)
      .getByRole('button', { name: /2 replies/u })
      .waitFor();
    await expect.poll(() => thread(page).locator('[data-state]').count(), patience).toBe(0);
    await expect.poll(() => thread(page).locator('[data-row]').count(), patience).toBe(3);

    await panel.getByRole('button', { name: 'Unfollow the thread' }).click();
    await panel.getByRole('button', { name: 'Follow the thread' }).click();
    await panel.getByRole('button', { name: 'Unfollow the thread' }).waitFor();
    // The button does not wait for the hub.
    const read = () => web.owner.call('readThread', { params: { channelId, threadId: root.id }, query: {} });
    await expect.poll(read, patience).toMatchObject({
      following: true,
      items: [{ content: 'We shall' }, { content: 'Then **do**' }],
    });

    // What changes is seen here as well.
    await web.owner.call('editMessage', {
      params: { channelId, messageId: root.id },
      body: { content: 'Shall we go?' },
    });
    await thread(page).getByText('Shall we go?').waitFor();
    expect(complaints).toEqual([]);
  },
);

test(
  'of many replies few are in the page, and one that is not there says so',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('many-replies', [bob]);
    const root = await say(bob, channelId, 'Count');
    const replies = Array.from({ length: 110 }, (_, at) => `Reply ${at + 1}.`);
    await sayAll(bob, channelId, replies, root.id);
    const at = (id: string): string => `#/c/${channelId}?panel=${encodeURIComponent(`thread:${id}`)}`;
    const { page } = await web.enter(web.owner, at(root.id));
    await thread(page).getByText('Reply 110.').waitFor();
    expect(await thread(page).locator('[data-row]').count()).toBeLessThan(70);
    await thread(page).evaluate((log) => {
      log.scrollTop = 0;
    });
    await thread(page).getByText('110 replies').waitFor();
    await page.goto(`${web.url}/${at(channelId)}`);
    await page.getByRole('alert').getByText('This thread is not there any more.').waitFor();
  },
);

test('nothing in the log or in a thread is hard to use', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('for-all', [bob, cod]);
  const root = await say(bob, channelId, 'Look, @ann: **bold**, `code` and https://a.example/x');
  await say(
    bob,
    channelId,
    '```js\nconst a = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> quote\n\n- [x] done',
  );
  await say(cod, channelId, 'thinking', { kind: 'thought', turnId: 't' });
  await say(cod, channelId, 'did it', { kind: 'action', turnId: 't', data: { tool: 'x', result: 'y' } });
  const edited = await say(cod, channelId, 'said it', { replyTo: root.id, model: 'model-x' });
  await cod.call('editMessage', { params: { channelId, messageId: edited.id }, body: { content: 'said' } });
  await say(web.owner, channelId, 'a reply', { threadId: root.id });
  await web.owner.call('pinMessage', { params: { channelId, messageId: edited.id } });
  const place = `#/c/${channelId}?panel=${encodeURIComponent(`thread:${root.id}`)}`;
  const { page } = await web.enter(web.owner, place, { viewport: { width: 1400, height: 900 } });
  await thread(page).getByText('a reply').waitFor();
  await log(page)
    .getByRole('button', { name: /thought, action/u })
    .click();
  await log(page).locator('.turn-step').first().waitFor();
  await log(page).locator('.code-block').waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect(await barriersIn(page, { within: ['.timeline-frame', '.typing'] })).toEqual([]);
  }
});
