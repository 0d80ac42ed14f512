import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  await web.person('carla');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const heading = (page: Page, name: string) => page.getByRole('main').getByRole('heading', { name });

test('a channel is made with a name that fits, a topic and first members', { timeout: 120_000 }, async () => {
  await web.channel('taken');
  const { page, complaints } = await web.enter(web.owner);
  await page.getByRole('button', { name: 'Add channels' }).click();
  await page.getByRole('menuitem', { name: 'Create a channel' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a channel' });
  const name = dialog.getByLabel('Name');
  await name.fill('Was läuft?');
  expect(await name.inputValue()).toBe('was-lauft?');
  await dialog.getByRole('button', { name: 'Create the channel' }).click();
  await dialog.getByText('Only the letters a to z').waitFor();
  await dialog.getByLabel('Topic').fill('What goes on');
  await name.fill('taken');
  await dialog.getByRole('button', { name: 'Create the channel' }).click();
  // The hub says so; nothing that was typed is lost.
  await dialog.getByText(/taken/u).first().waitFor();
  expect(await dialog.getByLabel('Topic').inputValue()).toBe('What goes on');
  await name.fill('fresh');
  await dialog.getByLabel(/^Private/u).check();
  await dialog.getByRole('combobox', { name: 'First members' }).fill('bo');
  await dialog.getByRole('option', { name: /@bob/u }).waitFor();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Remove bob' }).waitFor();
  await dialog.getByRole('button', { name: 'Create the channel' }).click();
  await heading(page, 'fresh').waitFor();
  const [made] = (await bob.call('listChannels', { query: { joined: true, query: 'fresh' } })).items;
  expect(made).toMatchObject({ kind: 'private', topic: 'What goes on', memberCount: 2 });
  expect(complaints.filter((text) => !text.includes('409'))).toEqual([]);
});

test('public channels are found by what is searched for, and joined', { timeout: 120_000 }, async () => {
  await web.channel('birds');
  await web.channel('bees');
  const { page } = await web.enter(bob);
  await page.getByRole('button', { name: 'Add channels' }).click();
  await page.getByRole('menuitem', { name: 'Browse channels' }).click();
  const dialog = page.getByRole('dialog', { name: 'Channels' });
  await dialog.getByRole('button', { name: 'Join bees' }).waitFor();
  await dialog.getByLabel('Search').fill('bird');
  await dialog.getByRole('button', { name: 'Join bees' }).waitFor({ state: 'detached' });
  await dialog.getByLabel('Search').fill('nothing like it');
  await dialog.getByText('No channel fits “nothing like it”.').waitFor();
  await dialog.getByLabel('Search').fill('bird');
  await dialog.getByText('1 member').waitFor();
  await dialog.getByRole('button', { name: 'Join birds' }).click();
  await heading(page, 'birds').waitFor();
  await page.getByRole('link', { name: /^birds/u }).waitFor();
  const [birds] = (await bob.call('listChannels', { query: { joined: true, query: 'birds' } })).items;
  expect(birds?.memberCount).toBe(2);
});

test(
  'a conversation with several is opened, and is the same one the next time',
  { timeout: 120_000 },
  async () => {
    const { page } = await web.enter(web.owner);
    const open = async (): Promise<string> => {
      await page.getByRole('button', { name: 'New direct message' }).click();
      const dialog = page.getByRole('dialog', { name: 'New direct message' });
      const to = dialog.getByRole('combobox', { name: 'To' });
      for (const name of ['bob', 'carla']) {
        await to.fill(name);
        await dialog.getByRole('option', { name: new RegExp(`@${name}`, 'u') }).click();
      }
      // Escape closes the list of names first, and keeps who was chosen.
      await to.fill('x');
      await page.keyboard.press('Escape');
      await dialog.getByRole('button', { name: 'Open the group' }).click();
      await dialog.waitFor({ state: 'detached' });
      await heading(page, 'bob').waitFor();
      return new URL(page.url()).hash;
    };
    const first = await open();
    await page.goto(`${web.url}/#/c/${await web.channel('in-between')}`);
    await heading(page, 'in-between').waitFor();
    expect(await open()).toBe(first);
  },
);

test(
  'a link to a public channel offers to join it; one that is gone or private says so',
  { timeout: 120_000 },
  async () => {
    const open = await web.channel('open-house');
    const closed = await web.channel('closed-house', [], 'private');
    const { page } = await web.enter(bob, `#/c/${open}`);
    await heading(page, 'open-house').waitFor();
    expect(await page.getByRole('textbox', { name: 'Message' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    await page.goto(`${web.url}/#/c/${closed}`);
    await heading(page, 'This channel is not here').waitFor();
    await page.getByRole('button', { name: 'Browse channels' }).click();
    await page.getByRole('dialog', { name: 'Channels' }).waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${web.url}/#/c/no-such-thing`);
    await page.getByRole('button', { name: 'Go to the start' }).click();
    await page.getByRole('textbox', { name: 'Message' }).waitFor();

    // Who is removed from the channel that they look at is told at once.
    await page.goto(`${web.url}/#/c/${open}`);
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    await web.owner.call('deleteChannel', { params: { channelId: open } });
    await heading(page, 'This channel is not here').waitFor();
  },
);
