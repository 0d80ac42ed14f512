import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
beforeAll(async () => void (web = await openWebWorld()), 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const patience = { timeout: 120_000 };
const row = (page: Page, text: string) =>
  page
    .getByRole('table', { name: /^(?:People|Agents)$/u })
    .getByRole('row')
    .filter({ hasText: text });

test('a person is added, and comes in by the link that is shown once', patience, async () => {
  const { page, complaints } = await web.enter(web.owner, '#/admin/users');
  await page.getByRole('button', { name: 'Add a person' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Carla Ruiz');
  await page.getByLabel('Handle').fill('Ann');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  // What was typed is still there, and what is wrong with it is told beside it.
  await page.getByText('lowercase letters, digits, "-"').waitFor();
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Carla Ruiz');
  await page.getByLabel('Handle').fill('carla');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const told = page.getByRole('dialog', { name: 'Let Carla Ruiz come in' });
  const link = await told.getByLabel('Link', { exact: true }).inputValue();
  const code = await told.getByLabel('Set-up code', { exact: true }).inputValue();
  expect(link).toBe(`${web.url}/#setup=${code}`);
  await told.getByRole('button', { name: 'Done' }).click();
  await told.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(code);
  expect(page.url()).not.toContain(code);

  const carla = await web.browsers.visit(link);
  await carla.page.getByLabel('Password').fill('correct horse battery');
  await carla.page.getByRole('button', { name: 'Set up and sign in' }).click();
  await carla.page.getByRole('navigation', { name: 'Channels' }).waitFor();

  await page.getByLabel('Find').fill('CARLA');
  await row(page, '@bob').waitFor({ state: 'detached' });
  await row(page, '@carla').getByRole('link', { name: 'Carla Ruiz' }).click();
  await page.getByRole('heading', { name: 'Carla Ruiz', exact: true }).waitFor();
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
});

test('a role is changed, and who stands below it sees no administration', patience, async () => {
  const bob = await web.person('bob');
  const seen = await web.enter(bob, '#/admin/users');
  await seen.page.getByText('This is for those who run the workspace').waitFor();
  expect(await seen.page.getByRole('table').count()).toBe(0);
  const { page } = await web.enter(web.owner, `#/admin/users/${bob.id}`);
  await page.getByLabel('Role', { exact: true }).selectOption('admin');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect((await web.owner.call('readUser', { params: { userId: bob.id } })).role).toBe('admin');
  // The page of bob hears of it by itself.
  await seen.page.getByRole('table', { name: 'People' }).waitFor();
  await seen.page.goto(`${web.url}/#/admin/users/${web.owner.id}`);
  await seen.page.getByText('stands as high as you do').waitFor();
  expect(await seen.page.getByRole('button', { name: 'Deactivate' }).count()).toBe(0);
});

test('a code is made anew, is in the list of those that are open, and is revoked', patience, async () => {
  const dora = await web.person('dora');
  const { page } = await web.enter(web.owner, `#/admin/users/${dora.id}`);
  await page.getByRole('button', { name: 'New set-up code' }).click();
  await page.getByRole('button', { name: 'Make a code' }).click();
  await page.getByRole('dialog', { name: 'Let dora come in' }).getByRole('button', { name: 'Done' }).click();
  await page.getByText('A code is open').waitFor();
  await page.getByRole('link', { name: 'All people' }).click();
  const open = page
    .getByRole('table', { name: 'Open set-up codes' })
    .getByRole('row')
    .filter({ hasText: '@dora' });
  await open.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await open.waitFor({ state: 'detached' });
  const { items } = await web.owner.call('listSetupCodes');
  expect(items.map(({ userId }) => userId)).not.toContain(dora.id);
});

test('who is signed out everywhere by an administrator is at the entrance at once', patience, async () => {
  const emil = await web.person('emil');
  const seen = await web.enter(emil);
  await seen.page.getByRole('navigation', { name: 'Channels' }).waitFor();
  const { page } = await web.enter(web.owner, `#/admin/users/${emil.id}`);
  await page.getByRole('table', { name: 'Sessions of emil' }).getByText('Chrome on Linux').waitFor();
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.getByText('emil is signed in nowhere.').waitFor();
  await seen.page.getByText('Your session has ended').waitFor();
  const { items } = await web.owner.call('listUserSessions', { params: { userId: emil.id } });
  expect(items).toEqual([]);
});

test('somebody is timed out, and let speak again', patience, async () => {
  const finn = await web.person('finn');
  const { page } = await web.enter(web.owner, `#/admin/users/${finn.id}`);
  await page.getByLabel('Reason').fill('Too much of it');
  await page.getByRole('button', { name: 'Time out' }).click();
  await page.getByText('Timed out until').waitFor();
  const until = (await web.owner.call('readUser', { params: { userId: finn.id } })).timeoutUntil;
  expect(until).toBeGreaterThan(Date.now());
  await page.getByRole('button', { name: 'End the time-out' }).click();
  await page.getByText('Timed out until').waitFor({ state: 'detached' });
});

test(
  'who is deactivated is asked about first, is out at once, and can be let in again',
  patience,
  async () => {
    const gina = await web.person('gina');
    const seen = await web.enter(gina);
    await seen.page.getByRole('navigation', { name: 'Channels' }).waitFor();
    const { page } = await web.enter(web.owner, `#/admin/users/${gina.id}`);
    await page.getByRole('button', { name: 'Deactivate' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deactivate gina?' });
    await dialog.getByText('What they wrote stays').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect((await web.owner.call('readUser', { params: { userId: gina.id } })).deactivatedAt).toBeNull();
    await page.getByRole('button', { name: 'Deactivate' }).click();
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await page.getByText('Deactivated', { exact: true }).waitFor();
    await seen.page.reload();
    await seen.page.getByLabel('Password').waitFor();
    await page.getByRole('link', { name: 'All people' }).click();
    await page.getByRole('table', { name: 'People' }).waitFor();
    await page.getByLabel('Status').selectOption('gone');
    await row(page, '@gina').getByRole('link').click();
    await page.getByRole('button', { name: 'Reactivate' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).click();
    await page.getByText('Active', { exact: true }).waitFor();
  },
);

test('the list goes on page by page', patience, async () => {
  for (let i = 10; i < 65; i += 1) await web.world.user(`robot-${i}`, { kind: 'agent' });
  const { page } = await web.enter(web.owner, '#/admin/agents');
  const table = page.getByRole('table', { name: 'Agents' });
  await row(page, '@robot-10').waitFor();
  await expect.poll(() => table.getByRole('row').count()).toBe(51);
  await page.getByRole('button', { name: 'Show more' }).click();
  await row(page, '@robot-64').waitFor();
  await expect.poll(() => table.getByRole('row').count()).toBe(56);
});
