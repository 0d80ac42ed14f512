import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../../src/database/ids.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { below, log, sayMany } from './saying.ts';

const patience = { timeout: 120_000 };
const told = 'The message that the link leads to is not in this channel.';

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());

test('who comes by a link to what is gone is told, and sees what was said last', patience, async () => {
  const channelId = await web.channel('members', [bob]);
  await sayMany(web.owner, channelId, 60);
  const { page } = await web.enter(bob, `#/c/${channelId}/m/${newId()}`);
  await page.getByText(told).waitFor();
  await log(page).getByText('Message 60.').waitFor();
  await expect.poll(() => below(page), { timeout: 30_000 }).toBeLessThan(20);
  // It is gone for good: to try again would promise what nobody keeps.
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByText(told).waitFor({ state: 'detached' });
  await page.context().close();
});

test('and so does who is told before anything of the channel has come', patience, async () => {
  const channelId = await web.channel('slow', [bob]);
  await sayMany(web.owner, channelId, 60);
  const { page } = await web.enter(bob, '#/c/nowhere');
  let bring = (): void => {};
  const held = new Promise<void>((resolve) => (bring = resolve));
  await page.route(/\/messages\?/u, (route) => held.then(() => route.continue()));
  await page.goto(`${web.url}/#/c/${channelId}/m/${newId()}`);
  await page.getByText(told).waitFor();
  expect(await log(page).count()).toBe(0);
  bring();
  await log(page).getByText('Message 60.').waitFor();
  await expect.poll(() => below(page), { timeout: 30_000 }).toBeLessThan(20);
  await page.context().close();
});

test('so it is in a channel that is read from outside', patience, async () => {
  const channelId = await web.channel('outside');
  await sayMany(web.owner, channelId, 60);
  const { page } = await web.enter(bob, `#/c/${channelId}/m/${newId()}`);
  await page.getByText(told).waitFor();
  await log(page).getByText('Message 60.').waitFor();
  await expect.poll(() => below(page), { timeout: 30_000 }).toBeLessThan(20);
  await page.getByRole('button', { name: 'Join' }).waitFor();
  await page.context().close();
});
