/// <reference lib="dom" />
import { connectHub, type Hub } from '@parley/hub-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { log, say } from '../timeline/saying.ts';

const patience = { timeout: 30_000 };

let web: WebWorld;
let bob: Somebody;
let cod: Somebody;
let second: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  cod = await web.agent('coder');
  second = await web.agent('reviewer');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

test(
  'a turn of an agent is one row, which opens to what it thought and did',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('turns', [bob, cod]);
    const turn = { turnId: 't' };
    await say(cod, channelId, 'look at the tests', { ...turn, kind: 'thought' });
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const row = log(page).getByRole('article', { name: /coder at work/u });
    await row.getByRole('button', { name: /thought/u }).waitFor();
    await say(bob, channelId, 'in between');
    const data = { tool: 'shell', arguments: { command: 'npm test' }, result: 'all green' };
    await say(cod, channelId, 'ran **them**', { ...turn, kind: 'action', data });
    const button = row.getByRole('button', { name: /thought, action ·/u });
    await button.waitFor();
    await say(cod, channelId, 'All is well.', { ...turn, model: 'model-x' });
    const answer = log(page).getByRole('article', { name: /^coder, /u });
    await answer.getByText('All is well.').waitFor();
    expect(await answer.locator('.agent-mark').textContent()).toBe('Agent');
    expect(await answer.locator('.model-mark').textContent()).toBe('model-x');
    await expect.poll(() => log(page).locator('[data-row]').count(), patience).toBe(3);

    await button.press('Enter');
    await row.locator('.turn-step').nth(1).getByText('them').waitFor();
    expect(await row.locator('.turn-step-head code').textContent()).toBe('shell');
    await row.getByText('Arguments').click();
    await row.getByText('"command": "npm test"').waitFor();
    await row.getByText('Result').click();
    await row.getByText('all green').waitFor();
    // A turn that was opened is so when somebody comes back to it.
    await page.goto(`${web.url}/#/c/${await web.channel('beside')}`);
    await page.getByText('This is the beginning of #beside').waitFor();
    await page.goto(`${web.url}/#/c/${channelId}`);
    await row.locator('.turn-step').first().waitFor();
    expect(complaints).toEqual([]);
  },
);

test('a message that is being written grows where it stands', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('streams', [cod]);
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  await page.getByText('This is the beginning of #streams').waitFor();
  await using hub = Object.assign(connectHub({ url: web.url, token: cod.token }), {
    [Symbol.asyncDispose]: () => Promise.resolve(hub.close()),
  });
  await hub.ready;
  const begun = await hub.send(channelId, { content: '', streaming: 'open' }).message;
  const row = log(page).locator(`[data-message="${begun.id}"]`);
  await row.and(page.locator('[aria-busy="true"]')).waitFor();
  const element = await row.evaluateHandle((row) => row);
  let offset = 0;
  for (const part of ['It **gr', 'ows** word', ' by word', '\n\n- and\n- on']) {
    offset += hub.append(channelId, begun.id, offset, part);
    await expect
      .poll(() => row.textContent(), patience)
      .toContain(
        part
          .replaceAll(/[*\n-]/gu, '')
          .trim()
          .slice(-2),
      );
  }
  await row.locator('li', { hasText: 'on' }).waitFor();
  expect(await row.locator('strong').textContent()).toBe('grows');
  const params = { channelId, messageId: begun.id };
  await cod.call('finishMessage', { params, body: { content: 'It **is** whole', model: 'model-y' } });
  await row.getByText('whole').waitFor();
  await expect.poll(() => row.getAttribute('aria-busy'), patience).toBe(null);
  expect(await element.evaluate((row) => row.isConnected)).toBe(true);

  const lost = await say(cod, channelId, 'and then', { streaming: 'open' });
  await web.world
    .tables()
    .updateTable('messages')
    .set({ streaming: 'cut' })
    .where('id', '=', lost.id)
    .execute();
  await page.reload();
  await log(page).getByText('Its author went silent').waitFor();
  expect(complaints).toEqual([]);
});

test('who types is told: people by name, agents by number', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('typing', [bob, cod, second]);
  const { page } = await web.enter(web.owner, `#/c/${channelId}`);
  await page.getByText('This is the beginning of #typing').waitFor();
  const hubs = [bob, cod, second].map(({ token }) => connectHub({ url: web.url, token }));
  try {
    for (const hub of hubs) await hub.ready;
    const line = page.locator('#main .typing');
    // They go on until it is seen, for the hub forgets them after some seconds.
    const typing = async (who: readonly Hub[]): Promise<string | null> => {
      for (const hub of who) hub.typing(channelId, 'start');
      return line.textContent();
    };
    await expect.poll(() => typing(hubs.slice(1)), patience).toContain('Several agents are typing…');
    await expect.poll(() => typing(hubs), patience).toContain('bob and 2 agents are typing…');
    for (const hub of hubs) hub.typing(channelId, 'stop');
    await expect.poll(() => line.textContent(), patience).toBe('');
  } finally {
    for (const hub of hubs) hub.close();
  }
});
