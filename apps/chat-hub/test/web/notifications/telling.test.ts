import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import {
  anotherTab,
  click,
  enterToldOf,
  lookAway,
  shownBy,
  tellerOf,
  untilLocked,
  untilShown,
  untilTrue,
} from './desk.ts';

const patience = { timeout: 120_000 };
let web: WebWorld;
let bob: Somebody;
let [lobby, plans, noise]: string[] = [];

beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  lobby = await web.channel('lobby', [bob]);
  plans = await web.channel('plans', [bob]);
  noise = await web.channel('noise', [bob]);
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const say = (channelId: string | undefined, content: string, threadId?: string) =>
  web.owner.call('sendMessage', {
    params: { channelId: channelId ?? '' },
    body: { clientId: crypto.randomUUID(), content, ...(threadId !== undefined && { threadId }) },
  });
const choose = (channelId: string | undefined, level: 'all' | 'mentions' | 'muted' | null) =>
  bob.call('setNotifications', { params: { channelId: channelId ?? '' }, body: { level } });

describe('the system tells', () => {
  test('of what somebody chose, and of nothing that they read just now', patience, async () => {
    const direct = await web.owner.call('openDirect', { body: { userIds: [bob.id] } });
    await choose(noise, 'muted');
    const { page, complaints } = await enterToldOf(web, bob, `#/c/${lobby}`);
    await say(plans, 'calls nobody');
    await say(noise, '@bob in a channel that is muted');
    await say(lobby, '@bob where he reads');
    const { seq } = (await say(plans, '@bob look')).message;
    const first = await untilShown(page, 1);
    expect(first).toMatchObject([{ title: 'ann in #plans', body: '@bob look' }]);
    await say(direct.id, 'just between us');
    expect((await untilShown(page, 2))[1]).toMatchObject({ title: 'ann', body: 'just between us' });

    await bob.call('markRead', { params: { channelId: plans ?? '' }, body: { seq } });
    await untilTrue(page, 'window.shown[0].closed');
    await choose(plans, 'all');
    await page.getByRole('link', { name: /plans/u }).click();
    await page.getByRole('button', { name: 'Notifications: every message' }).waitFor();
    await page.getByRole('link', { name: /lobby/u }).click();
    await page.getByRole('heading', { name: 'lobby' }).waitFor();
    const root = await say(plans, 'everything now');
    await untilShown(page, 3);
    await say(plans, 'not his thread', root.message.id);
    await say(plans, '@bob his thread', root.message.id);
    const told = await untilShown(page, 4);
    expect(told.slice(2).map(({ body }) => body)).toEqual([
      'everything now',
      '@bob his thread\n2 new messages',
    ]);
    expect(told.slice(2).every(({ tag }) => tag === `parley.${plans}`)).toBe(true);
    await choose(plans, null);
    expect(complaints).toEqual([]);
  });

  test('once, however many tabs are open, and not where another tab reads', patience, async () => {
    const { page } = await enterToldOf(web, bob, `#/c/${lobby}`);
    const other = await anotherTab(page.context(), `${web.url}/#/c/${noise}`);
    await choose(noise, 'all');
    await other.getByRole('button', { name: 'Notifications: every message' }).waitFor();
    await untilLocked(other, `parley.reads.${noise}`);
    await say(noise, 'read in the other tab');
    await say(plans, '@bob read in none');
    expect(await untilShown(page, 1)).toMatchObject([{ body: '@bob read in none' }]);
    expect(await shownBy(other)).toEqual([]);

    const before = await tellerOf(other);
    await page.close();
    await until(
      async () => {
        const now = await tellerOf(other);
        return now !== undefined && now !== before;
      },
      { what: 'the other tab tells' },
    );
    await say(plans, '@bob the first tab is closed');
    expect(await untilShown(other, 1)).toMatchObject([{ body: '@bob the first tab is closed' }]);
    await choose(noise, null);
    await other.context().close();
  });

  test(
    'one channel at a time in one notification, which leads there and goes when it is read',
    patience,
    async () => {
      const { page } = await enterToldOf(web, bob, `#/c/${lobby}`);
      await say(plans, '@bob one');
      await untilShown(page, 1);
      const { message } = await say(plans, '@bob two');
      const [, second] = await untilShown(page, 2);
      expect(second?.body).toBe('@bob two\n2 new messages');
      await click(page, 1);
      await untilTrue(page, `location.hash === '#/c/${plans}/m/${message.id}'`);

      await page.getByRole('link', { name: /lobby/u }).click();
      const { seq } = (await say(plans, '@bob three')).message;
      await untilShown(page, 3);
      await bob.call('markRead', { params: { channelId: plans ?? '' }, body: { seq } });
      await untilTrue(page, 'window.shown.slice(1).every(({ closed }) => closed)');
    },
  );

  test('nothing to who is not to be disturbed', patience, async () => {
    const { page } = await enterToldOf(web, bob, `#/c/${lobby}`);
    await bob.call('setStatus', { body: { availability: 'dnd' } });
    const asked = page.waitForResponse((response) => response.url().endsWith('/api/v1/me/status'));
    await say(plans, '@bob while he is not to be disturbed');
    await page.getByRole('status', { name: 'Mentions elsewhere' }).getByText('not to be disturbed').waitFor();
    // Otherwise it would be told together with the next one.
    await asked;
    await bob.call('clearStatus');
    await say(plans, '@bob and again');
    expect((await untilShown(page, 1)).map(({ body }) => body.split('\n')[0])).toEqual(['@bob and again']);
  });
});

test('who missed something is asked once whether they want to be told', patience, async () => {
  const { page, complaints } = await enterToldOf(web, bob, `#/c/${lobby}`, 'default');
  const hint = page.getByRole('complementary', { name: 'Notifications' });
  await say(plans, '@bob he looks at the page');
  await page.getByRole('status', { name: 'Mentions elsewhere' }).getByText('he looks').waitFor();
  expect(await hint.count()).toBe(0);
  await lookAway(page);
  await say(plans, '@bob he does not');
  await hint.waitFor();
  await hint.getByRole('button', { name: 'Turn on notifications' }).click();
  await hint.waitFor({ state: 'detached' });
  await untilLocked(page, 'parley.tells.');
  await say(plans, '@bob now he is told');
  expect((await untilShown(page, 1))[0]?.body).toContain('@bob now he is told');
  expect(complaints).toEqual([]);
});
