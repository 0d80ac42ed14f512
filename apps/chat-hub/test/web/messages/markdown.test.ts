/// <reference lib="dom" />
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { log, say } from '../timeline/saying.ts';

const patience = { timeout: 30_000 };

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const body = (page: Page, id: string) => log(page).locator(`[data-message="${id}"] .message-body`);

test('messages are read as Markdown', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('words', [bob]);
  const other = await web.channel('design', [bob]);
  const text = await say(
    bob,
    channelId,
    [
      '# A heading\n\n**bold** _slanted_ ~~gone~~ `code <b>`\nnext line',
      '> a quote',
      '3. third\n4. fourth\n   - inner',
      '- [x] done\n- [ ] open',
      '| a | b |\n|---|---|\n| 1 | **2** |',
      '```ts title\nconst a = "<b>";\n```',
      '![a picture](https://pictures.example/a.png) and https://plain.example/x and me@mail.example',
      '&copy; &#8364; &lt;b&gt; &hearts; &nobody; \\&copy;',
    ].join('\n\n'),
  );
  const names = await say(bob, channelId, '@ann, @bob. and @nobody: see #design, #nowhere, `@ann` and x@ann');
  const here = await say(bob, channelId, '@here **now**');
  const emoji = await say(bob, channelId, '🎉🚀');
  const rtl = await say(bob, channelId, 'First\n\nשלום **עולם**');
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  const said = body(page, text.id);
  await said.locator('strong').first().waitFor();
  for (const [selector, content] of [
    ['.md-heading', 'A heading'],
    ['em', 'slanted'],
    ['del', 'gone'],
    ['p code', 'code <b>'],
    ['blockquote', 'a quote'],
    ['ol[start="3"] > li:nth-of-type(2) li', 'inner'],
    ['th:nth-child(2)', 'b'],
    ['td strong', '2'],
    ['pre code', 'const a = "<b>";'],
    ['.code-head span', 'ts'],
    ['a[href="https://pictures.example/a.png"]', 'a picture'],
    ['a[href="https://plain.example/x"]', 'https://plain.example/x'],
    ['a[href="mailto:me@mail.example"]', 'me@mail.example'],
    [':scope > p:last-child', '© € <b> ♥ &nobody; &copy;'],
  ] as const)
    expect([selector, (await said.locator(selector).first().textContent())?.trim()]).toEqual([
      selector,
      content,
    ]);
  expect(await said.locator('img').count()).toBe(0);
  expect(await said.locator('.task').allTextContents()).toEqual(['☑', '☐']);
  const link = said.locator('a[href="https://plain.example/x"]');
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
  expect(await link.getAttribute('target')).toBe('_blank');

  // Who is mentioned is for the hub to say.
  const named = body(page, names.id);
  await expect.poll(() => named.locator('.mention').allTextContents(), patience).toEqual(['@ann', '@bob']);
  expect(await named.locator('.mention.own').allTextContents()).toEqual(['@ann']);
  await expect.poll(() => named.locator('.channel-link').allTextContents(), patience).toEqual(['#design']);
  await expect.poll(() => log(page).locator('.message[data-mentioned]').count(), patience).toBe(2);
  expect(await body(page, here.id).locator('.mention.own').textContent()).toBe('@here');
  expect(await body(page, emoji.id).getAttribute('data-emoji')).toBe('true');
  const directions = await body(page, rtl.id)
    .locator('p')
    .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
  expect(directions).toEqual(['ltr', 'rtl']);

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await said.getByRole('button', { name: 'Copy' }).click();
  await said.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('const a = "<b>";');

  await named.getByRole('button', { name: '@bob' }).click();
  await expect.poll(() => decodeURIComponent(page.url()), patience).toContain(`panel=profile:${bob.id}`);
  await named.getByRole('link', { name: '#design' }).click();
  await page.getByText('This is the beginning of #design').waitFor();
  expect(page.url()).toContain(other);
  expect(complaints).toEqual([]);
});

test('a long message shows its beginning, and all of it when asked', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('long', [bob]);
  await say(bob, channelId, `${'**many** words '.repeat(1_060)}the end`);
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  const more = log(page).getByRole('button', { name: /Show more/u });
  await more.waitFor();
  expect(await log(page).getByText('the end').count()).toBe(0);
  await more.click();
  await log(page).getByText('the end').waitFor();
  await log(page).getByRole('button', { name: 'Show less' }).click();
  await more.waitFor();
  expect(complaints).toEqual([]);
});

test(
  'edited, deleted and pinned messages say so, and earlier texts can be read',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('marks', [bob]);
    const [one, two, three] = [
      await say(bob, channelId, 'first text'),
      await say(bob, channelId, 'a secret'),
      await say(bob, channelId, 'remember this'),
    ];
    const answer = await say(bob, channelId, 'an answer', { replyTo: two.id });
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const row = (id: string) => log(page).locator(`[data-message="${id}"]`);
    await row(answer.id).getByText('a secret').waitFor();
    const params = { channelId, messageId: one.id };
    await bob.call('editMessage', { params, body: { content: 'second text' } });
    await bob.call('editMessage', { params, body: { content: 'third text' } });
    await bob.call('deleteMessage', { params: { channelId, messageId: two.id } });
    await web.owner.call('pinMessage', { params: { channelId, messageId: three.id } });
    await row(one.id).getByText('third text').waitFor();
    await row(two.id).getByText('This message was deleted.').waitFor();
    await row(answer.id).getByText('A message that is not there any more').waitFor();
    await row(three.id).getByText('Pinned').waitFor();
    await row(one.id).getByRole('button', { name: '(edited)' }).click();
    const dialog = page.getByRole('dialog', { name: 'Earlier texts' });
    await expect
      .poll(() => dialog.locator('.edit-history-text').allTextContents(), patience)
      .toEqual(['second text', 'first text']);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  },
);

test(
  'code is copied while it is clicked: what is loaded later only tells of it',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('copied', [bob]);
    await say(bob, channelId, '```js\nconst copied = true;\n```');
    const permissions = ['clipboard-read', 'clipboard-write'];
    const { page } = await web.enter(web.owner, `#/c/${channelId}`, { permissions });
    const button = log(page).getByRole('button', { name: 'Copy', exact: true });
    await button.waitFor();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/copy-code-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await button.click();
    // Some browsers take nothing from a page that comes back to it later.
    await expect
      .poll(() => page.evaluate<string>('navigator.clipboard.readText()'), patience)
      .toBe('const copied = true;');
    release();
    await log(page).getByRole('button', { name: 'Copied' }).waitFor();
    await page.context().close();
  },
);
