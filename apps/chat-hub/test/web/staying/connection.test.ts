import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
let channelId: string;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  channelId = await web.channel('plans', [bob]);
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const write = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
};

/** What was said in the channel that begins like this, in its order. */
async function said(beginning: string): Promise<string[]> {
  const { items } = await bob.call('listMessages', { params: { channelId }, query: { limit: 200 } });
  return items.map(({ content }) => content).filter((content) => content.startsWith(beginning));
}

/** Keeps what is told of the connection: some of it is there for a few seconds only, in which nobody may come to look. */
const listen = (page: Page): Promise<unknown> =>
  page.evaluate(`{
    window.told = '';
    const look = () => {
      for (const line of document.querySelectorAll('[role=status]')) window.told += line.textContent + '\\n';
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  }`);
async function untilTold(page: Page, sentence: string): Promise<void> {
  await expect.poll(() => page.evaluate<string>('window.told'), { timeout: 60_000 }).toContain(sentence);
}

/** Refused connections are told by the browser, too. */
const unasked = (complaints: readonly string[]): string[] =>
  complaints.filter((text) => !/WebSocket|ERR_INTERNET_DISCONNECTED/u.test(text));

test(
  'offline is told, what is written waits, and goes once and in order when one is back',
  { timeout: 120_000 },
  async () => {
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    await write(page, 'off 0');
    await page.getByText('off 0').first().waitFor();
    await listen(page);
    await page.context().setOffline(true);
    await page.getByRole('status').getByText('You are offline.').waitFor();
    for (const text of ['off 1', 'off 2', 'off 3']) await write(page, text);
    await bob.call('sendMessage', { params: { channelId }, body: { content: 'meanwhile', clientId: 'm' } });
    await page.context().setOffline(false);
    await untilTold(page, 'Connected again.');
    await page.getByText('meanwhile').first().waitFor();
    await expect.poll(() => said('off'), { timeout: 60_000 }).toEqual(['off 0', 'off 1', 'off 2', 'off 3']);
    await page.getByText('Connected again.').first().waitFor({ state: 'detached' });
    expect(unasked(complaints)).toEqual([]);
  },
);

test(
  'a lost connection is told with when it is tried again, and can be tried at once',
  { timeout: 120_000 },
  async () => {
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    let attempts = 0;
    let refuse = false;
    let cut = (): void => {};
    await page.routeWebSocket(/\/api\/v1\/socket/u, async (socket) => {
      attempts += 1;
      if (refuse) return socket.close({ code: 1011 });
      const server = socket.connectToServer();
      cut = () => void Promise.all([server.close(), socket.close({ code: 1011 })]);
    });
    await page.clock.install();
    await page.reload();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    await listen(page);
    refuse = true;
    cut();
    await page.getByRole('status').getByText('No connection to the hub.').waitFor();
    await page.getByText(/Next attempt in \d+ s/u).waitFor();
    // From now on nothing is tried by itself.
    await page.clock.pauseAt(Date.now() + 60_000);
    const before = attempts;
    const button = page.getByRole('button', { name: 'Connect now' });
    const tried = async (): Promise<number> => {
      await button.click();
      return attempts;
    };
    await expect.poll(tried, { timeout: 30_000 }).toBeGreaterThan(before + 1);
    refuse = false;
    await page.clock.resume();
    await untilTold(page, 'Connected again.');
    await write(page, 'tried at once');
    await expect.poll(() => said('tried')).toEqual(['tried at once']);
  },
);

test(
  'a page that the hub does not understand any more says so, and offers to be loaded anew',
  { timeout: 120_000 },
  async () => {
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    let understands = false;
    await page.routeWebSocket(/\/api\/v1\/socket/u, async (socket) => {
      if (understands) socket.connectToServer();
      else await socket.close({ code: 4409 });
    });
    await page.reload();
    await page.getByRole('status').getByText('This page cannot talk to the hub any more.').waitFor();
    understands = true;
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    expect(await page.getByRole('button', { name: 'Reload' }).count()).toBe(0);
  },
);

test('a page that slept for an hour has everything once, and goes on', { timeout: 120_000 }, async () => {
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  await page.clock.install();
  await page.reload();
  await write(page, 'sleep 0');
  await page.getByText('sleep 0').first().waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
  await page.context().setOffline(true);
  for (let i = 1; i <= 20; i += 1)
    await bob.call('sendMessage', {
      params: { channelId },
      body: { content: `sleep ${i}`, clientId: `s${i}` },
    });
  await page.context().setOffline(false);
  await devtools.send('Page.setWebLifecycleState', { state: 'active' });
  await page.clock.fastForward('01:00:00');
  await page.getByText('sleep 20', { exact: true }).first().waitFor();
  await write(page, 'sleep 21');
  const all = Array.from({ length: 22 }, (_, i) => `sleep ${i}`);
  await expect.poll(() => said('sleep'), { timeout: 60_000 }).toEqual(all);
  await expect
    .poll(
      async () => {
        const shown = await page.getByRole('article').allInnerTexts();
        return shown.flatMap((text) => /sleep \d+/u.exec(text) ?? []);
      },
      { timeout: 60_000 },
    )
    .toEqual(all);
  expect(unasked(complaints)).toEqual([]);
});

test(
  'who does nothing for five minutes is away, and here again with the first key',
  { timeout: 120_000 },
  async () => {
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    await page.clock.install();
    await page.reload();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    const seen = async (): Promise<string | undefined> =>
      (await bob.call('listPresences', { query: { userIds: [web.owner.id] } })).items[0]?.status;
    await expect.poll(seen, { timeout: 60_000 }).toBe('online');
    await page.clock.fastForward('05:01');
    await expect.poll(seen, { timeout: 60_000 }).toBe('away');
    await page.keyboard.press('Shift');
    await expect.poll(seen, { timeout: 60_000 }).toBe('online');
  },
);
