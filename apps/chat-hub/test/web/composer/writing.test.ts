import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { sayAll } from '../timeline/saying.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const said = (page: Page, text: string) => page.getByRole('article').getByText(text);

describe('what somebody writes', { timeout: 120_000 }, () => {
  it('is sent by Enter, has lines by Shift and Enter, and is not sent while a word is composed', async () => {
    const channelId = await web.channel('lines');
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
    const text = field(page);
    await text.fill('one');
    await text.press('Shift+Enter');
    await text.pressSequentially('two');
    expect(await text.inputValue()).toBe('one\ntwo');
    // As a browser says that Enter ends a word that is being composed.
    await text.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    expect(await text.inputValue()).toBe('one\ntwo');
    await text.press('Enter');
    await said(page, 'one').waitFor();
    expect(await text.inputValue()).toBe('');
    await text.press('Enter');
    await text.fill('   ');
    await text.press('Enter');
    await text.fill('```\nconst one = 1;');
    await text.press('Enter');
    expect(await text.inputValue()).toBe('```\nconst one = 1;\n');
    await text.press('Control+Enter');
    await said(page, 'const one = 1;').waitFor();
    // The page shows them before the hub has them.
    const texts = async (): Promise<string[]> => {
      const { items } = await web.owner.call('listMessages', { params: { channelId }, query: {} });
      return items.filter(({ kind }) => kind === 'message').map(({ content }) => content);
    };
    await expect.poll(texts).toEqual(['one\ntwo', '```\nconst one = 1;']);
    expect(complaints).toEqual([]);
  });

  it('is kept for each channel until it is sent, also when the page is loaded anew', async () => {
    const [first, second] = [await web.channel('first'), await web.channel('second')];
    const { page } = await web.enter(web.owner, `#/c/${first}`);
    await field(page).fill('half a thought');
    await page.getByRole('link', { name: 'second' }).click();
    await page.getByPlaceholder('Message #second').waitFor();
    expect(await field(page).inputValue()).toBe('');
    await field(page).fill('another one');
    await page.reload();
    await page.getByPlaceholder('Message #second').waitFor();
    expect(await field(page).inputValue()).toBe('another one');
    await page.goto(`${web.url}/#/c/${first}`);
    await page.getByPlaceholder('Message #first').waitFor();
    expect(await field(page).inputValue()).toBe('half a thought');
    await field(page).press('Enter');
    await said(page, 'half a thought').waitFor();
    await page.reload();
    await page.getByPlaceholder('Message #first').waitFor();
    expect(await field(page).inputValue()).toBe('');
    const kept = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => key.includes('.draft.')),
    );
    expect(kept).toEqual([`parley.draft.${web.owner.id}.${second}`]);
  });

  it('is counted near its end, and what is too long stays and is not sent', async () => {
    const channelId = await web.channel('long');
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    await field(page).fill('a'.repeat(15_990));
    await page.getByText('10', { exact: true }).waitFor();
    await field(page).fill('a'.repeat(16_002));
    await page.getByText('2 characters too long').waitFor();
    await field(page).press('Enter');
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    expect((await field(page).inputValue()).length).toBe(16_002);
    // Counted as the hub counts: these are 16,000 characters of two units each, and too many bytes.
    await field(page).fill('🦊'.repeat(16_000));
    await page.getByText('0', { exact: true }).waitFor();
    await field(page).press('Enter');
    await page.getByRole('article').waitFor();
    expect(await field(page).inputValue()).toBe('');
  });

  it('is marked up by keys and buttons, and by the same unmarked', async () => {
    const channelId = await web.channel('marks');
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    const text = field(page);
    await text.fill('well done');
    await text.press('Control+A');
    await text.press('Control+B');
    expect(await text.inputValue()).toBe('**well done**');
    await text.press('Control+I');
    expect(await text.inputValue()).toBe('**_well done_**');
    await text.press('Control+I');
    await text.press('Control+B');
    expect(await text.inputValue()).toBe('well done');
    await text.press('Control+Z');
    expect(await text.inputValue()).toBe('**well done**');
    await text.fill('one\ntwo');
    await text.press('Control+A');
    await page.getByRole('button', { name: 'Formatting' }).click();
    await page.getByRole('button', { name: 'Numbered list' }).click();
    expect(await text.inputValue()).toBe('1. one\n2. two');
    await page.getByRole('button', { name: 'Numbered list' }).click();
    await page.getByRole('button', { name: 'Quotation' }).click();
    expect(await text.inputValue()).toBe('> one\n> two');
    await text.fill('here');
    await text.press('Control+A');
    await page.getByRole('button', { name: 'Link' }).click();
    await page.keyboard.type('https://parley.example');
    expect(await text.inputValue()).toBe('[here](https://parley.example)');
    await text.fill('x = 1');
    await text.press('Control+A');
    await text.press('Control+Shift+E');
    expect(await text.inputValue()).toBe('```\nx = 1\n```');
  });

  it('is told to others while it is written, and no longer when it was taken back', async () => {
    const channelId = await web.channel('typing', [bob]);
    const ann = await web.enter(web.owner, `#/c/${channelId}`);
    const other = await web.enter(bob, `#/c/${channelId}`);
    await field(other.page).waitFor();
    // It is told for some seconds: who looks only after all of it may come too late.
    await Promise.all([
      other.page.getByText('ann is typing').waitFor(),
      field(ann.page).pressSequentially('Hm'),
    ]);
    await field(ann.page).fill('');
    await other.page.getByText('ann is typing').waitFor({ state: 'hidden' });
    expect([...ann.complaints, ...other.complaints]).toEqual([]);
  });
});

describe('who may not write', { timeout: 120_000 }, () => {
  it('reads a public channel from outside, joins it by a button, and writes then', async () => {
    const channelId = await web.channel('open-house');
    const say = (content: string) =>
      web.owner.call('sendMessage', { params: { channelId }, body: { clientId: content, content } });
    const { message } = await say('Come in');
    await sayAll(
      web.owner,
      channelId,
      Array.from({ length: 70 }, (_, at) => `and look around ${at}`),
    );
    const { page, complaints } = await web.enter(bob, `#/c/${channelId}`);
    await page.getByText('You are reading #open-house from outside').waitFor();
    await said(page, 'and look around 69').waitFor();
    await say('which comes later');
    await said(page, 'which comes later').waitFor();
    await page.goto(`${web.url}/#/c/${channelId}/m/${message.id}`);
    await said(page, 'Come in').waitFor();
    expect(await field(page).count()).toBe(0);
    // The way to the message that the address names is long: whoever says something meanwhile wants to see that.
    const found = Promise.withResolvers<void>();
    for (const way of [/\/messages\/[^/?]+$/u, /\/messages\?.*before=/u])
      await page.route(way, async (route) => found.promise.then(() => route.continue()));
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('Looking for the message').waitFor();
    await field(page).fill('Here I am');
    await field(page).press('Enter');
    await said(page, 'Here I am').waitFor();
    const older = page.waitForResponse(/\/messages\/[^/?]+$/u);
    found.resolve();
    await older;
    await expect.poll(() => page.getByText('Looking for the message').count()).toBe(0);
    await said(page, 'Here I am').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is told why, at once and for as long as it is so, and loses nothing that was begun', async () => {
    const channelId = await web.channel('rules', [bob]);
    const { page } = await web.enter(bob, `#/c/${channelId}`);
    await field(page).fill('I wanted to say');
    const member = { channelId, userId: bob.id };
    await web.owner.call('muteMember', { params: member, body: {} });
    await page.getByText('You are muted in this channel. What you had begun to write is kept.').waitFor();
    await web.owner.call('unmuteMember', { params: member });
    await field(page).waitFor();
    expect(await field(page).inputValue()).toBe('I wanted to say');
    await web.owner.call('putMember', { params: member, body: { role: 'observer' } });
    await page.getByText('You are an observer of this channel').waitFor();
    await web.owner.call('putMember', { params: member, body: { role: 'member' } });
    await field(page).waitFor();
    await web.owner.call('archiveChannel', { params: { channelId } });
    await page.getByText('This channel is archived').waitFor();
  });

  it('waits in a slow channel until it is their turn, seeing for how long', async () => {
    const channelId = await web.channel('slowly', [bob]);
    const slow = (seconds: number) =>
      web.owner.call('setSlowMode', { params: { channelId }, body: { seconds } });
    await slow(300);
    const { page } = await web.enter(bob, `#/c/${channelId}`);
    await field(page).fill('first');
    await field(page).press('Enter');
    await said(page, 'first').waitFor();
    await field(page).fill('second');
    await page.getByText(/you can send again in/u).waitFor();
    await field(page).press('Enter');
    expect(await field(page).inputValue()).toBe('second');
    // However long all of this took, it was not their turn; now it comes.
    await slow(1);
    await page.getByRole('button', { name: 'Send', exact: true, disabled: false }).click();
    await said(page, 'second').waitFor();
    expect(await field(page).inputValue()).toBe('');
  });
});
