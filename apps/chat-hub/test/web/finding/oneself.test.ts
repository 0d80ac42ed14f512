/// <reference lib="dom" />
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';
import { endOf } from '../../../web/src/preferences/until.ts';

let web: WebWorld;
beforeAll(async () => void (web = await openWebWorld()), 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const menu = /^You: /u;

test('the pages look as somebody wants them, also the next time', { timeout: 120_000 }, async () => {
  const { page, complaints } = await web.enter(web.owner, undefined, { colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.getByRole('navigation', { name: 'Channels' }).waitFor();
  const light = await ground();
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog', { name: 'Preferences' });
  await dialog.getByRole('radio', { name: 'Dark' }).check();
  await dialog.getByRole('radio', { name: 'Compact' }).check();
  await dialog.getByRole('radio', { name: '14:30' }).check();
  await expect.poll(ground).not.toBe(light);
  await page.reload();
  await page.getByRole('navigation', { name: 'Channels' }).waitFor();
  await expect.poll(ground).not.toBe(light);
  expect(
    await page.evaluate(() => Object.fromEntries(Object.entries(document.documentElement.dataset))),
  ).toMatchObject({
    theme: 'dark',
    density: 'compact',
    clock: '24',
  });
  expect(complaints).toEqual([]);
});

test(
  'a profile is changed; what is refused is told beside its field and stays typed',
  { timeout: 120_000 },
  async () => {
    const bob = await web.person('bob');
    const { page } = await web.enter(bob);
    await page.getByRole('button', { name: menu }).click();
    await page.getByRole('menuitem', { name: 'Preferences' }).click();
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.getByRole('tab', { name: 'Profile' }).click();
    await dialog.getByLabel('Name').fill('Bob the Builder');
    await dialog.getByLabel('About you').fill('I build.');
    await dialog.getByLabel('Picture').fill('http://example.com/plain.png');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(/begins with https/u).waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Bob the Builder');
    await dialog.getByLabel('Picture').fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your profile is saved.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'You: Bob the Builder Online' }).waitFor();
    expect(await bob.call('readMe')).toMatchObject({ displayName: 'Bob the Builder', bio: 'I build.' });
  },
);

test('a status is set with words and an end, shown, and cleared', { timeout: 120_000 }, async () => {
  const { page } = await web.enter(web.owner);
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitem', { name: 'Set a status' }).click();
  const dialog = page.getByRole('dialog', { name: 'Preferences' });
  await dialog.getByRole('button', { name: 'In a meeting' }).click();
  await dialog.getByLabel('What you do').fill('In a long meeting');
  await dialog.getByRole('radio', { name: /^Do not disturb/u }).check();
  const before = Date.now();
  await dialog.getByRole('button', { name: 'Set the status' }).click();
  await page.getByRole('button', { name: /In a long meeting/u }).waitFor();
  await expect
    .poll(() => web.owner.call('readStatus'))
    .toMatchObject({ availability: 'dnd', customStatus: 'In a long meeting', emoji: '📅' });
  const set = await web.owner.call('readStatus');
  expect(set.until ?? 0).toBeGreaterThanOrEqual(before + 3_600_000);
  await page.reload();
  await page.getByRole('button', { name: /In a long meeting/u }).click();
  await page.getByRole('menuitem', { name: 'Set a status' }).click();
  await dialog.getByRole('button', { name: 'Clear the status' }).click();
  await page.getByRole('button', { name: / Online$/u }).waitFor();
  await expect
    .poll(() => web.owner.call('readStatus'))
    .toMatchObject({ availability: null, customStatus: null });
});

test(
  'a password is changed by the one that there is, and sessions are ended',
  { timeout: 120_000 },
  async () => {
    const carla = await web.person('carla');
    const elsewhere = await web.enter(carla);
    await elsewhere.page.getByRole('navigation', { name: 'Channels' }).waitFor();
    const { page } = await web.enter(carla);
    await page.getByRole('navigation', { name: 'Channels' }).waitFor();
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.getByRole('tab', { name: 'Security' }).click();
    await dialog.getByText('This one').waitFor();
    await dialog.getByRole('button', { name: /^End the session/u }).click();
    // There, they are asked to sign in again.
    await elsewhere.page.getByText('Your session has ended. Sign in again.').waitFor();
    await dialog.getByLabel('Current password').fill('not my password');
    await dialog.getByLabel('New password').fill('another long one');
    await dialog.getByRole('button', { name: 'Change the password' }).click();
    await dialog.getByText('This is not your password.').waitFor();
    expect(await dialog.getByLabel('New password').inputValue()).toBe('another long one');
    await dialog.getByLabel('Current password').fill(carla.password);
    await dialog.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('Your password is changed.').waitFor();
    await dialog.getByRole('link', { name: 'See and make your tokens' }).click();
    await page.getByRole('main').getByRole('heading', { name: 'Your tokens', level: 2 }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: menu }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Handle').fill('carla');
    await page.getByLabel('Password').fill('another long one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Channels' }).waitFor();
  },
);

test('a status of today ends at midnight, one of this week after Sunday', () => {
  const friday = new Date(2026, 0, 2, 15, 30).getTime();
  expect(endOf('30m', friday)).toBe(friday + 1_800_000);
  expect(endOf('today', friday)).toBe(new Date(2026, 0, 3).getTime());
  expect(endOf('week', friday)).toBe(new Date(2026, 0, 5).getTime());
  expect(endOf('week', new Date(2026, 0, 4, 12).getTime())).toBe(new Date(2026, 0, 5).getTime());
  expect(endOf('week', new Date(2026, 0, 5, 12).getTime())).toBe(new Date(2026, 0, 12).getTime());
  expect(endOf('none', friday)).toBeNull();
});
