import type { Page } from 'playwright-core';
import type { Screen } from './screens.ts';
import { pressOn } from '../../support/press-on.ts';

const general: Screen['hash'] = ({ channel }) => `#/c/${channel('general').id}`;
const dialog = (page: Page) => page.getByRole('dialog').waitFor();
const menu = (page: Page) => page.getByRole('menuitem').first().waitFor();
const row = (page: Page) => page.getByRole('article').last();
const box = (page: Page) => page.getByRole('textbox', { name: /^Message/u });

/** Where there is room for one thing, the list of channels is asked for. */
async function list(page: Page): Promise<void> {
  const channels = page.getByRole('button', { name: 'Channels', exact: true }).first();
  const shown = page.getByRole('navigation', { name: 'Channels' });
  await channels.or(shown).first().waitFor();
  if (await channels.isVisible()) await channels.click();
  await shown.waitFor();
}

async function choose(page: Page, button: string | RegExp, item: string): Promise<void> {
  await page.getByRole('button', { name: button }).first().click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** The keys of a row work everywhere. */
async function press(page: Page, key: string): Promise<void> {
  await row(page).focus();
  await row(page).getByRole('toolbar', { name: 'Actions of the message' }).waitFor();
  // Who has just come to a channel may have been given the field to write in meanwhile.
  await row(page).press(key);
}

async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text);
  await page.keyboard.press('Enter');
  await page.getByRole('article').filter({ hasText: text }).last().waitFor();
}

const over = (name: string, act: NonNullable<Screen['act']>, shown: Screen['shown'] = dialog): Screen => ({
  name,
  hash: general,
  // Nothing hears of keys before it is there.
  act: (page) =>
    row(page)
      .waitFor()
      .then(() => act(page)),
  shown,
});

/** What stands over the frame. */
export const overlays: readonly Screen[] = [
  over('the list of channels', list, (page) => page.getByRole('navigation', { name: 'Channels' }).waitFor()),
  over('the switcher', (page) => page.keyboard.press('Control+k')),
  over(
    'oneself',
    async (page) => {
      await list(page);
      await page.getByRole('button', { name: /^You:/u }).click();
    },
    menu,
  ),
  over('the keys', async (page) => {
    await list(page);
    await choose(page, /^You:/u, 'Keyboard');
  }),
  over('a new channel', async (page) => {
    await list(page);
    await choose(page, 'Add channels', 'Create a channel');
  }),
  over('channels to join', async (page) => {
    await list(page);
    await choose(page, 'Add channels', 'Browse channels');
  }),
  over('a new conversation', async (page) => {
    await list(page);
    await page.getByRole('button', { name: 'New direct message' }).click();
  }),
  ...['Appearance', 'Profile', 'Status', 'Notifications', 'Security'].map((name) =>
    over(
      `preferences: ${name}`,
      async (page) => {
        await page.keyboard.press('Control+,');
        await page.getByRole('tab', { name }).click();
      },
      (page) => page.getByRole('tabpanel', { name }).waitFor(),
    ),
  ),
];

/** What is done with a channel and what is said in it. */
export const doings: readonly Screen[] = [
  over(
    'what to be told of',
    (page) => page.getByRole('button', { name: /^Notifications:/u }).click(),
    (page) => page.getByRole('menuitemradio').first().waitFor(),
  ),
  over('what can be opened', (page) => page.getByRole('button', { name: 'More', exact: true }).click(), menu),
  over('freezing', (page) => choose(page, /^More$/u, 'Freeze agents')),
  over('leaving', (page) => choose(page, /^More$/u, 'Leave')),
  over(
    'what to do with a message',
    async (page) => {
      await pressOn(row(page), row(page).getByRole('button', { name: 'More actions' }));
    },
    menu,
  ),
  over(
    'emoji',
    (page) => press(page, 'r'),
    (page) => page.getByRole('option').first().waitFor(),
  ),
  over('deleting', (page) => press(page, 'Delete')),
  ...['@', ':sm'].map((text) =>
    over(
      `completing ${text}`,
      async (page) => {
        await box(page).fill('');
        await page.keyboard.type(text);
      },
      (page) => page.getByRole('option').first().waitFor(),
    ),
  ),
  {
    ...over(
      'a draft',
      (page) => box(page).fill('**Not** yet'),
      (page) => box(page).waitFor(),
    ),
    part: '.composer',
  },
  {
    ...over(
      'editing',
      async (page) => {
        await box(page).fill('');
        await say(page, 'What I said');
        await press(page, 'e');
      },
      (page) => page.getByRole('textbox', { name: 'Change the message' }).waitFor(),
    ),
    part: '.edit-form',
  },
  over('a picture', async (page) => {
    await page
      .getByRole('button', { name: /^Open the picture/u })
      .first()
      .click();
  }),
  {
    ...over(
      'no connection',
      (page) => page.context().setOffline(true),
      (page) => page.getByRole('button', { name: 'Connect now' }).waitFor(),
    ),
    waits: true,
  },
];

const beside =
  (kind: string): Screen['hash'] =>
  (scenery) =>
    `${general(scenery)}?panel=${kind}`;

/** What is done in panels. */
export const inPanels: readonly Screen[] = [
  {
    name: 'adding members',
    hash: beside('members'),
    act: (page) => page.getByRole('button', { name: 'Add people or agents' }).click(),
    shown: (page) => page.locator('.candidate, .panel-hint').first().waitFor(),
    part: '.panel',
  },
  {
    name: 'what to do with a member',
    hash: beside('members'),
    act: (page) =>
      page
        .getByRole('button', { name: /^What to do with/u })
        .last()
        .click(),
    shown: menu,
  },
  ...['Add a webhook in', 'Add a webhook out', 'Add a command', /^Delete/u].map((name) => ({
    name: `settings: ${String(name)}`,
    hash: beside('settings'),
    act: (page: Page) => page.locator('.panel').getByRole('button', { name }).click(),
    shown: (page: Page) => page.getByRole('button', { name: 'Cancel' }).first().waitFor(),
    part: '.panel',
  })),
];
