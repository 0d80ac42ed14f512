import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
let bot: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
  bot = await web.agent('builder');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name });
/** What the reader of a screen is told to be chosen. */
const chosen = async (page: Page): Promise<string> => {
  const id = await field(page).getAttribute('aria-activedescendant');
  return (await page.locator(`[id="${id ?? ''}"]`).textContent()) ?? '';
};

describe('a name that was begun', { timeout: 120_000 }, () => {
  it('is completed by the keyboard: people and agents of the channel first, then all who are called together', async () => {
    await web.person('bonnie');
    const channelId = await web.channel('names', [bob, bot]);
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const text = field(page);
    await text.pressSequentially('Hi @bo');
    await option(page, /bob/u).waitFor();
    await expect
      .poll(async () => page.getByRole('option').allTextContents())
      .toEqual([expect.stringContaining('@bob'), expect.stringContaining('not in this channel')]);
    await expect.poll(() => chosen(page)).toContain('@bob');
    await text.press('ArrowDown');
    await expect.poll(() => chosen(page)).toContain('@bonnie');
    await text.press('ArrowDown');
    await text.press('Enter');
    expect(await text.inputValue()).toBe('Hi @bob ');
    await text.pressSequentially('and @buil');
    await option(page, /Agent/u).click();
    expect(await text.inputValue()).toBe('Hi @bob and @builder ');
    await text.pressSequentially('@he');
    await option(page, /@here/u).waitFor();
    await text.press('Tab');
    expect(await text.inputValue()).toBe('Hi @bob and @builder @here ');
    await text.pressSequentially('@adm');
    await option(page, /@admins/u).waitFor();
    await text.press('Escape');
    await option(page, /@admins/u).waitFor({ state: 'hidden' });
    await text.press('Enter');
    await page.getByRole('article').getByText('Hi @bob and @builder @here @adm').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is left alone in code and in the address of somebody', async () => {
    const channelId = await web.channel('code', [bob]);
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    for (const begun of ['`@bo', 'ann@bo', '```\n@bo']) {
      await field(page).fill(begun);
      // The next one shows that there was time to look.
      expect(await page.getByRole('option').count()).toBe(0);
    }
    await field(page).fill('`code` @bo');
    await option(page, /bob/u).waitFor();
  });

  it('is a channel behind a number sign, and an emoji behind a colon', async () => {
    const channelId = await web.channel('plans-2027');
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const text = field(page);
    await text.pressSequentially('See #plans');
    await option(page, /#plans-2027/u).waitFor();
    await text.press('Enter');
    expect(await text.inputValue()).toBe('See #plans-2027 ');
    await text.pressSequentially(':tada');
    await option(page, /:tada:/u).waitFor();
    await text.press('Enter');
    expect(await text.inputValue()).toBe('See #plans-2027 🎉 ');
    await text.pressSequentially(':D');
    expect(await page.getByRole('option').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('the emoji', { timeout: 120_000 }, () => {
  it('are found by what they are called and by the arrows, in the skin that was chosen, and remembered', async () => {
    const channelId = await web.channel('emoji');
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const open = () => page.getByRole('button', { name: 'Emoji', exact: true }).click();
    const search = page.getByRole('combobox', { name: 'Search emoji' });
    await open();
    await option(page, 'grinning face').first().waitFor();
    await search.fill('fox');
    await option(page, 'fox').waitFor();
    await search.press('Enter');
    await search.waitFor({ state: 'hidden' });
    expect(await field(page).inputValue()).toBe('🦊');
    await open();
    await option(page, 'fox').waitFor();
    await page.getByRole('button', { name: 'People' }).click();
    await page.getByRole('button', { name: /Skin tone/u }).click();
    const wave = option(page, 'waving hand');
    await expect.poll(() => wave.textContent()).toBe('👋🏻');
    await search.press('ArrowDown');
    await search.press('ArrowRight');
    const picked = await page.getByRole('option', { selected: true }).textContent();
    await search.press('Enter');
    expect(await field(page).inputValue()).toBe(`🦊${picked ?? '?'}`);
    await open();
    await search.fill('no emoji is called like this');
    await page.getByText('No emoji is called so.').waitFor();
    await search.press('Escape');
    await search.waitFor({ state: 'hidden' });
    expect(complaints).toEqual([]);
  });
});

describe('a command', { timeout: 120_000 }, () => {
  it('is proposed with what it does, and its answer is shown to who typed it alone, until they close it', async () => {
    const channelId = await web.channel('commands', [bob, bot]);
    const declared = { name: 'deploy', description: 'Brings a branch to the servers' };
    await bot.call('createCommand', { params: { channelId }, body: declared });
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const other = await web.enter(bob, `#/c/${channelId}`);
    await field(page).pressSequentially('/de');
    await option(page, /Brings a branch/u).waitFor();
    await field(page).press('Enter');
    expect(await field(page).inputValue()).toBe('/deploy ');
    await field(page).pressSequentially('main');
    await field(page).press('Enter');
    const calls = async () => (await bot.call('listCommandCalls')).items;
    await expect.poll(async () => (await calls()).length, { timeout: 30_000 }).toBe(1);
    const callId = (await calls())[0]?.id ?? '';
    await bot.call('answerCommandCall', { params: { callId }, body: { content: 'main is on its way' } });
    await page.getByText('main is on its way').waitFor();
    await page.getByText('Only you see this').waitFor();
    // Answers come one by one, also long after it was typed.
    await bot.call('answerCommandCall', { params: { callId }, body: { content: 'main is there' } });
    await page.getByText('main is there').waitFor();
    expect(await page.getByText('main is on its way').count()).toBe(1);
    const shared = { content: 'main was deployed', visibility: 'channel' as const };
    await bot.call('answerCommandCall', { params: { callId }, body: shared });
    await other.page.getByRole('article').getByText('main was deployed').waitFor();
    expect(await other.page.getByText('main is there').count()).toBe(0);
    await page.getByRole('button', { name: 'Close the answer to /deploy main' }).click();
    await page.getByText('main is there').waitFor({ state: 'hidden' });
    expect([...complaints, ...other.complaints]).toEqual([]);
  });

  it('that nobody answers stays in the field, and may be sent as what it is', async () => {
    const channelId = await web.channel('no-commands');
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    await field(page).fill('/shrug no idea');
    await field(page).press('Enter');
    await page.getByText('Nobody here answers /shrug').waitFor();
    expect(await field(page).inputValue()).toBe('/shrug no idea');
    await page.getByRole('button', { name: 'Send as a message' }).click();
    await page.getByRole('article').getByText('/shrug no idea').waitFor();
    // A path is no command.
    await field(page).fill('/etc/hosts is it');
    await field(page).press('Enter');
    await page.getByRole('article').getByText('/etc/hosts is it').waitFor();
  });
});
