import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { untilTrue } from './desk.ts';

const patience = { timeout: 120_000 };
let web: WebWorld;
let bob: Somebody;
let [lobby, plans]: string[] = [];

beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  lobby = await web.channel('lobby', [bob]);
  plans = await web.channel('plans', [bob]);
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const say = (channelId: string | undefined, content: string) =>
  web.owner.call('sendMessage', {
    params: { channelId: channelId ?? '' },
    body: { clientId: crypto.randomUUID(), content },
  });
const levelOf = async (channelId: string | undefined): Promise<unknown> =>
  (await bob.call('listUnreads')).items.find((reading) => reading.channelId === channelId)?.level;

test(
  'of what to be told is chosen at the channel, by the keyboard, and every tab knows it',
  patience,
  async () => {
    const { page, complaints } = await web.enter(bob, `#/c/${plans}`);
    const other = await page.context().newPage();
    await other.goto(`${web.url}/#/c/${plans}`);
    const bell = page.getByRole('button', { name: 'Notifications: mentions only' });
    await bell.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemradio', { name: 'As usual', checked: true }).waitFor();
    await page.getByRole('menuitemradio', { name: 'Nothing' }).focus();
    await page.keyboard.press('Enter');
    for (const tab of [page, other])
      await tab.getByRole('button', { name: 'Notifications: nothing' }).waitFor();
    expect(await levelOf(plans)).toBe('muted');

    await page.getByRole('button', { name: 'Notifications: nothing' }).click();
    await page.getByRole('menuitemradio', { name: 'As usual' }).click();
    for (const tab of [page, other])
      await tab.getByRole('button', { name: 'Notifications: mentions only' }).waitFor();
    expect(await levelOf(plans)).toBeNull();
    expect(complaints).toEqual([]);
  },
);

test(
  'what is usual is chosen for all channels at once, and what was chosen for one is given up there',
  patience,
  async () => {
    await bob.call('setNotifications', { params: { channelId: lobby ?? '' }, body: { level: 'muted' } });
    const { page, complaints } = await web.enter(bob, `#/c/${plans}`);
    await page.getByRole('button', { name: 'Notifications: mentions only' }).click();
    await page.getByRole('menuitem', { name: 'In all channels…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.getByRole('radio', { name: 'Every message' }).click();
    await dialog.getByRole('radio', { name: 'Every message', checked: true }).waitFor();
    await dialog.getByRole('button', { name: 'As usual in lobby' }).click();
    await dialog.getByText('Chosen for a channel').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Notifications: every message' }).waitFor();
    await page.getByRole('link', { name: /lobby/u }).click();
    await page.getByRole('heading', { name: 'lobby' }).waitFor();
    await page.getByRole('button', { name: 'Notifications: every message' }).waitFor();
    expect(await bob.call('listUnreads')).toMatchObject({ defaultLevel: 'all' });
    await bob.call('setDefaultNotifications', { body: { level: null } });
    expect(complaints).toEqual([]);
  },
);

test('a choice that the hub does not take is told, and the one before stays', patience, async () => {
  const { page } = await web.enter(bob, `#/c/${plans}`);
  await page.route('**/notifications', (route) =>
    route.fulfill({
      status: 429,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Too many requests',
        status: 429,
        code: 'RATE_LIMITED',
        detail: 'too many changes for now',
        retryable: false,
      }),
    }),
  );
  await page.getByRole('button', { name: 'Notifications: mentions only' }).click();
  await page.getByRole('menuitemradio', { name: 'Nothing' }).click();
  await page.getByText(/too many changes for now/iu).waitFor();
  await page.getByRole('button', { name: 'Notifications: mentions only' }).waitFor();
  expect(await levelOf(plans)).toBeNull();
});

test(
  'the title and the icon of the tab say where one is and how much waits, of muted channels mentions alone',
  patience,
  async () => {
    const { page, complaints } = await web.enter(bob, `#/c/${lobby}`);
    // As a page that was installed as an application.
    await page.context().addInitScript(`
      window.badges = [];
      navigator.setAppBadge = async (count) => void window.badges.push(count);
      navigator.clearAppBadge = async () => void window.badges.push(0);
    `);
    await page.reload();
    const title = (text: string) => untilTrue(page, `document.title === '${text}'`);
    const icon = () => page.locator('link[rel="icon"]').getAttribute('href');
    await title('#lobby – Parley');
    await expect.poll(icon).toBe('/icon.svg');
    await say(plans, 'calls nobody');
    await say(plans, '@bob one');
    await title('(1) #lobby – Parley');
    await expect.poll(icon).toBe('/icon-waiting.svg');
    expect((await page.request.get(`${web.url}/icon-waiting.svg`)).status()).toBe(200);
    await bob.call('setNotifications', { params: { channelId: plans ?? '' }, body: { level: 'all' } });
    await title('(2) #lobby – Parley');
    await bob.call('setNotifications', { params: { channelId: plans ?? '' }, body: { level: 'muted' } });
    await title('(1) #lobby – Parley');
    const { seq } = (await say(plans, 'and calls nobody again')).message;
    await bob.call('markRead', { params: { channelId: plans ?? '' }, body: { seq } });
    await title('#lobby – Parley');
    await expect.poll(icon).toBe('/icon.svg');
    await untilTrue(page, `window.badges.join() === '0,1,2,1,0'`);
    expect(complaints).toEqual([]);
  },
);
