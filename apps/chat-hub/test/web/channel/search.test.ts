import { HubError, toProblem } from '@parley/hub-protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriersIn } from '../../support/axe.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
let plans: string;
let other: string;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  plans = await web.channel('plans', [bob]);
  other = await web.channel('other', [bob]);
  const say = (who: Somebody, channelId: string, content: string) =>
    who.call('sendMessage', { params: { channelId }, body: { clientId: content.slice(0, 60), content } });
  const hostile = '<img src=x onerror="document.title=\'hit\'"> release <b>bold</b>';
  await say(web.owner, plans, hostile);
  await say(bob, plans, 'The release is on Friday, see https://example.com');
  await say(bob, other, 'No release in here');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());

test(
  'Ctrl+/ searches, filters are taken by the arrow keys, and a result leads to its message',
  {
    timeout: 120_000,
  },
  async () => {
    const { page, complaints } = await web.enter(web.owner, `#/c/${other}`);
    await page.getByRole('button', { name: 'Search' }).waitFor();
    await page.keyboard.press('Control+/');
    const field = page.getByRole('combobox', { name: 'Search for' });
    await field.waitFor();
    await page.getByRole('heading', { name: 'What you can search for' }).waitFor();
    expect(await barriersIn(page, '.panel')).toEqual([]);
    await page.keyboard.type('release fro');
    await page.getByRole('option', { name: /^from:/u }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.type('bo');
    await page.getByRole('option', { name: /from:bob/u }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type('has:l');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await field.inputValue()).toBe('release from:bob has:link ');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    const found = page.locator('.found');
    await page.getByText('1 message found').waitFor();
    expect(await found.locator('mark').allTextContents()).toEqual(['release']);
    await found.getByText('#plans').waitFor();
    expect(await barriersIn(page, '.panel')).toEqual([]);
    await found.click();
    await expect.poll(() => new URL(page.url()).hash).toMatch(new RegExp(`^#/c/${plans}/m/`, 'u'));
    // The results stay beside it, and the way back leads to where one was.
    await page.getByText('1 message found').waitFor();
    expect(complaints).toEqual([]);
  },
);

test(
  'what is found is text, whatever it says, and can be kept to one channel',
  { timeout: 120_000 },
  async () => {
    const { page, complaints } = await web.enter(
      bob,
      `#/c/${other}?panel=${encodeURIComponent('search:release')}`,
    );
    await page.getByText('3 messages found').waitFor();
    await page.locator('.found', { hasText: '<img src=x onerror=' }).waitFor();
    expect(await page.locator('.found-text img, .found-text b').count()).toBe(0);
    await page.getByLabel('Only in #other').check();
    await page.getByText('1 message found').waitFor();
    await page.getByText('No release in here').waitFor();
    await page.getByLabel('Only in #other').uncheck();
    await page.getByText('3 messages found').waitFor();
    expect(await page.title()).not.toBe('hit');

    await page.getByRole('combobox', { name: 'Search for' }).fill('nowhere');
    await page.keyboard.press('Enter');
    await page.getByText('No message has “nowhere”.').waitFor();
    await page.getByRole('combobox', { name: 'Search for' }).fill('has:everything');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('must be one of', { exact: false }).waitFor();
    expect(await page.getByRole('combobox', { name: 'Search for' }).inputValue()).toBe('has:everything');
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);

    await page.getByRole('combobox', { name: 'Search for' }).fill('');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'nowhere' }).click();
    await page.getByText('No message has “nowhere”.').waitFor();
  },
);

test(
  'a page without results is gone on from, and a limit tells when the hub searches again',
  {
    timeout: 120_000,
  },
  async () => {
    const { page } = await web.enter(bob, `#/c/${other}`);
    await page.getByRole('button', { name: 'Search' }).waitFor();
    let asked = 0;
    let cursor: string | null = null;
    await page.route('**/api/v1/search**', async (route) => {
      asked += 1;
      if (asked === 1) await route.fulfill({ json: { items: [], next: 'further' } });
      else if (asked === 2) {
        cursor = new URL(route.request().url()).searchParams.get('cursor');
        const json = toProblem(new HubError('RATE_LIMITED', 'too many searches', { retryAfter: 20_000 }));
        await route.fulfill({ status: 429, contentType: 'application/problem+json', json });
      } else await route.fulfill({ json: { items: [], next: null } });
    });
    await page.keyboard.press('Control+/');
    await page.getByRole('combobox', { name: 'Search for' }).fill('needle');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing for “needle” among the latest messages.').waitFor();
    await page.getByRole('button', { name: 'Search further back' }).click();
    await page.getByText(/Try again in \d+ s/u).waitFor();
    expect(cursor).toBe('further');
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No message has “needle”.').waitFor();
  },
);
