/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { connectHub, type Hub } from '@parley/hub-client';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
const hubs: Hub[] = [];
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => {
  for (const hub of hubs) hub.close();
  await web[Symbol.asyncDispose]();
});
afterEach(async () => web.browsers.leave());

async function present(who: Somebody): Promise<Hub> {
  const hub = connectHub({ url: web.url, token: who.token });
  hubs.push(hub);
  await hub.ready;
  return hub;
}

const say = (who: Somebody, channelId: string, content: string) =>
  who.call('sendMessage', { params: { channelId }, body: { content, clientId: content } });

test('what waits is bold and counted, mentions apart, until it is read', { timeout: 120_000 }, async () => {
  const quiet = await web.channel('quiet', [bob]);
  const loud = await web.channel('loud', [bob]);
  const secret = await web.channel('secret', [bob], 'private');
  const { page, complaints } = await web.enter(web.owner, `#/c/${quiet}`);
  const link = (name: RegExp) => page.getByRole('link', { name });
  await link(/^quiet$/u).waitFor();
  expect(await link(/^quiet$/u).getAttribute('aria-current')).toBe('page');
  await link(/^secret private$/u).waitFor();
  await say(bob, loud, 'one');
  await link(/^loud 1 unread$/u).waitFor();
  await say(bob, loud, 'two for @ann');
  await link(/^loud 2 unread, 1 mention$/u).waitFor();
  const weight = await link(/^loud/u).evaluate((one) => Number(getComputedStyle(one).fontWeight));
  expect(weight).toBeGreaterThan(600);
  await web.owner.call('markRead', {
    params: { channelId: loud },
    body: { seq: (await web.owner.call('readChannel', { params: { channelId: loud } })).channel.seq },
  });
  await link(/^loud$/u).waitFor();
  await web.owner.call('archiveChannel', { params: { channelId: secret } });
  await link(/^secret/u).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test(
  'a conversation is called by who is in it, and shows whether they are here',
  { timeout: 120_000 },
  async () => {
    const carla = await web.person('carla');
    const dora = await web.person('dora');
    await web.owner.call('openDirect', { body: { userIds: [carla.id] } });
    await web.owner.call('openDirect', { body: { userIds: [carla.id, dora.id] } });
    const { page, complaints } = await web.enter(web.owner);
    const direct = page.getByRole('region', { name: 'Direct messages' });
    await direct.getByRole('link', { name: /^carla offline$/u }).waitFor();
    await direct.getByRole('link', { name: /^(?:carla, dora|dora, carla)$/u }).waitFor();
    const hub = await present(carla);
    await direct.getByRole('link', { name: /^carla online$/u }).waitFor();
    await hub.call('setStatus', { body: { availability: 'dnd' } });
    await direct.getByRole('link', { name: /^carla does not want to be disturbed$/u }).waitFor();
    expect(complaints).toEqual([]);
  },
);

test(
  'conversations move up when something is said, and never under the pointer',
  { timeout: 120_000 },
  async () => {
    const names = ['first', 'second', 'third'];
    const ids: string[] = [];
    for (const name of names) {
      const one = await web.person(name);
      ids.push((await one.call('openDirect', { body: { userIds: [web.owner.id] } })).id);
    }
    const { page } = await web.enter(web.owner);
    const direct = page.getByRole('region', { name: 'Direct messages' });
    await direct.getByRole('link', { name: /^first/u }).waitFor();
    const order = async (): Promise<(string | null)[]> => {
      const all = await direct
        .getByRole('link')
        .evaluateAll((links) => links.map((one) => one.dataset['channel']));
      return all.filter((id) => ids.includes(id ?? '')).map((id) => names[ids.indexOf(id ?? '')] ?? null);
    };
    await expect.poll(order).toEqual(['third', 'second', 'first']);
    await direct.getByRole('link', { name: /^third/u }).hover();
    await say(web.owner, ids[0] ?? '', 'hello to the first');
    await say(bob, await web.channel('other', [bob]), 'seen after it');
    await page.getByRole('link', { name: /^other 1 unread/u }).waitFor();
    expect(await order()).toEqual(['third', 'second', 'first']);
    await page.getByRole('main').hover();
    await expect.poll(order, { timeout: 30_000 }).toEqual(['first', 'third', 'second']);
  },
);

test('arrow keys go through the list, sections fold and stay folded', { timeout: 120_000 }, async () => {
  const quiet = (await web.owner.call('listChannels', { query: { query: 'quiet' } })).items[0]?.id ?? '';
  const { page } = await web.enter(web.owner, `#/c/${quiet}`);
  const current = page.getByRole('link', { name: /^quiet$/u });
  await current.focus();
  await page.keyboard.press('ArrowUp');
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await expect.poll(focused).toContain('other');
  await page.keyboard.press('Home');
  await expect.poll(focused).toBe('Channels');
  await page.keyboard.press('ArrowLeft');
  const rooms = page.getByRole('region', { name: 'Channels' });
  const header = rooms.getByRole('button', { name: 'Channels', exact: true });
  await expect.poll(() => header.getAttribute('aria-expanded')).toBe('false');
  // Where one is, and what waits, is never folded away.
  await current.waitFor();
  await rooms.getByRole('link', { name: /^other 1 unread$/u }).waitFor();
  await rooms.getByRole('link', { name: /^loud/u }).waitFor({ state: 'detached' });
  await page.reload();
  await current.waitFor();
  expect(await header.getAttribute('aria-expanded')).toBe('false');
  await header.click();
  await rooms.getByRole('link', { name: /^loud/u }).waitFor();
});

test(
  'agents at work are listed with how busy they are, and open their cards',
  { timeout: 120_000 },
  async () => {
    const scout = await web.agent('scout');
    const { page, complaints } = await web.enter(web.owner);
    const hub = await present(scout);
    hub.agent({ load: 0.4 });
    const section = page.getByRole('region', { name: 'Agents at work · 1' });
    await section.getByRole('button', { name: 'scout, 40 % busy' }).click();
    await page.waitForURL(new RegExp(`panel=profile%3A${scout.id}`, 'u'));
    hub.close();
    await section.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  },
);

test(
  'at 320 pixels the list is a drawer: the focus stays in it, Escape closes it and gives the focus back',
  { timeout: 120_000 },
  async () => {
    const { page } = await web.enter(web.owner, undefined, { viewport: { width: 320, height: 640 } });
    const opener = page.getByRole('button', { name: 'Channels', exact: true });
    await opener.click();
    const nav = page.getByRole('navigation', { name: 'Channels' });
    await nav.waitFor();
    for (let i = 0; i < 12; i += 1) {
      await page.keyboard.press('Tab');
      const outside = await page.evaluate(() => {
        const here = document.activeElement;
        return here !== document.body && here?.closest('.sidebar, .scrim') === null;
      });
      expect(outside).toBe(false);
    }
    await page.keyboard.press('Escape');
    await nav.waitFor({ state: 'hidden' });
    await expect.poll(() => opener.evaluate((one) => one === document.activeElement)).toBe(true);
    await opener.click();
    await nav.getByRole('link', { name: /^loud/u }).click();
    await nav.waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: 'loud' }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(320);
  },
);
