import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uploadFile } from '@parley/hub-client/files';
import { HubError, toProblem } from '@parley/hub-protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { barriersIn } from '../../support/axe.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

const patient = { timeout: 60_000 };
let web: WebWorld;
let bob: Somebody;
let plans: string;
let other: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'));
  web = await openWebWorld({ env: { HUB_FILES: folder } });
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
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => web.browsers.leave());

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
    await page.getByRole('option', { name: /has:link/u }).waitFor();
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
    await expect.poll(() => new URL(page.url()).hash, patient).toMatch(new RegExp(`^#/c/${plans}/m/`, 'u'));
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
    await page.locator('.found', { hasText: 'No release in here' }).waitFor();
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
    await page.clock.install();
    await page.reload();
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
    await page.clock.fastForward(20_000);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No message has “needle”.').waitFor();
  },
);

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function share(who: Somebody, channelId: string, name: string, source: Blob): Promise<void> {
  const file = await uploadFile({ url: web.url, token: who.token, channelId, name, source });
  await who.call('sendMessage', {
    params: { channelId },
    body: { clientId: name, content: '', files: [file.id] },
  });
}

test('pinned messages are found by all, and unpinned by who may write', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('pinned', [bob]);
  const params = { channelId };
  const say = async (content: string): Promise<string> =>
    (await bob.call('sendMessage', { params, body: { clientId: content, content } })).message.id;
  const messageId = await say('Keep this');
  for (let i = 0; i < 3; i += 1) await say(`and go on, ${i}`);
  await web.owner.call('pinMessage', { params: { channelId, messageId } });
  const { page, complaints } = await web.enter(bob, `#/c/${channelId}?panel=pins`);
  const panel = page.getByRole('complementary', { name: 'Pinned messages' });
  await panel.getByText('Keep this').waitFor();
  expect(await barriersIn(page, '.panel')).toEqual([]);
  await panel.getByRole('link', { name: 'Show in the channel' }).click();
  await expect.poll(() => new URL(page.url()).hash, patient).toContain(`/m/${messageId}`);
  await page.getByRole('button', { name: 'Pinned messages: 1' }).or(panel).first().waitFor();
  await panel.getByRole('button', { name: 'Unpin' }).click();
  await panel.getByText('Nothing is pinned here yet.', { exact: false }).waitFor();
  expect(complaints).toEqual([]);
});

test(
  'files are listed, come by themselves, and are deleted by whose they are',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('sent', [bob]);
    const { page, complaints } = await web.enter(bob, `#/c/${channelId}?panel=files`);
    const panel = page.getByRole('complementary', { name: 'Files' });
    await panel.getByText('Nothing was sent here yet.', { exact: false }).waitFor();
    await share(web.owner, channelId, 'of ann.txt', new Blob(['Hello']));
    await panel.getByText('of ann.txt').waitFor();
    await share(bob, channelId, 'of bob.txt', new Blob(['Hello, too']));
    await share(bob, channelId, 'dot.png', new Blob([picture]));
    await panel.getByText('of bob.txt').waitFor();
    await panel
      .getByText('dot.png')
      .or(panel.getByRole('button', { name: 'Open the picture dot.png' }))
      .first()
      .waitFor();
    expect(await barriersIn(page, '.panel')).toEqual([]);
    await panel.getByRole('button', { name: 'Open the picture dot.png' }).click();
    await page.getByRole('dialog', { name: 'dot.png' }).locator('img[aria-busy=false]').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const download = page.waitForEvent('download');
    await panel.getByRole('link', { name: 'Download of ann.txt' }).click();
    expect((await download).suggestedFilename()).toBe('of ann.txt');

    expect(await panel.getByRole('button', { name: 'Delete of ann.txt' }).count()).toBe(0);
    await panel.getByRole('button', { name: 'Delete of bob.txt' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await panel.getByText('of bob.txt').waitFor({ state: 'detached' });
    await page.reload();
    await panel.getByText('of ann.txt').waitFor();
    expect(await panel.getByText('of bob.txt').count()).toBe(0);
    expect(complaints).toEqual([]);
  },
);
