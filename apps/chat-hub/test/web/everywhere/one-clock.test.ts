/// <reference lib="dom" />
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { log, say } from '../timeline/saying.ts';

const patience = { timeout: 120_000 };

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());

const clocks = [
  ['system', 'en-US', /^\d{1,2}:\d\d\s[AP]M$/u],
  ['system', 'en-GB', /^\d\d:\d\d$/u],
  ['24', 'en-US', /^\d\d:\d\d$/u],
  ['12', 'en-US', /^\d{1,2}:\d\d\s[AP]M$/u],
] as const;

test.each(clocks)(
  'the time of day is written in one way everywhere: %s in %s',
  patience,
  async (clock, locale, form) => {
    const name = `clock-${clock}-${locale.toLowerCase()}`;
    const channelId = await web.channel(name, [bob]);
    const { id: messageId } = await say(bob, channelId, `tick ${name}`);
    const params = { channelId, messageId };
    await web.owner.call('pinMessage', { params });
    await web.owner.call('muteMember', { params: { channelId, userId: bob.id }, body: { seconds: 60 } });
    const { page } = await web.enter(bob, `#/c/${channelId}`, { locale });
    await page.evaluate(
      (clock) => localStorage.setItem('parley.preferences', JSON.stringify({ clock })),
      clock,
    );
    await page.reload();
    const written = (await log(page).locator('.message-head time').textContent()) ?? '';
    expect(written).toMatch(form);
    const panel = page.locator('.panel time').first();
    for (const kind of ['pins', `search:${name}`]) {
      await page.goto(`${web.url}/#/c/${channelId}?panel=${encodeURIComponent(kind)}`);
      expect(await panel.textContent()).toBe(written);
    }
    await page.goto(`${web.url}/#/c/${channelId}`);
    const muted = (await page.getByText('You are muted in this channel until').textContent()) ?? '';
    expect(muted.replace(/^.*until /u, '').replace(/\.$/u, '')).toMatch(form);
    await page.context().close();
  },
);
