import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import type { Visitor } from '../../support/pages.ts';

let web: WebWorld;
let bob: Somebody;
let count = 0;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());

const row = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });
const action = (page: Page, text: string, name: string | RegExp) =>
  row(page, text).getByRole('button', { name });
const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

interface Two extends AsyncDisposable {
  readonly channelId: string;
  readonly ann: Visitor;
  readonly bob: Visitor;
  readonly say: (who: Somebody, content: string) => Promise<string>;
}

/** Ann, who owns the channel, and Bob before their pages of it. */
async function two(options = {}): Promise<Two> {
  const channelId = await web.channel(`acting-${(count += 1)}`, [bob]);
  const ann = await web.enter(web.owner, `#/c/${channelId}`, options);
  const other = await web.enter(bob, `#/c/${channelId}`);
  for (const { page } of [ann, other]) await page.getByPlaceholder(/Message #acting/u).waitFor();
  return {
    channelId,
    ann,
    bob: other,
    async say(who, content) {
      const body = { clientId: `c-${(count += 1)}`, content };
      const { message } = await who.call('sendMessage', { params: { channelId }, body });
      for (const { page } of [ann, other]) await row(page, content).first().waitFor();
      return message.id;
    },
    async [Symbol.asyncDispose]() {
      for (const { page } of [ann, other]) await page.context().close();
    },
  };
}

async function more(page: Page, text: string, name: string): Promise<void> {
  await row(page, text).hover();
  await action(page, text, 'More actions').click();
  await page.getByRole('menuitem', { name }).click();
}

async function menuOf(page: Page, text: string): Promise<string[]> {
  await row(page, text).hover();
  await action(page, text, 'More actions').click();
  await page.getByRole('menuitem').first().waitFor();
  const names = await page.getByRole('menuitem').locator('span').allTextContents();
  await page.keyboard.press('Escape');
  await page.getByRole('menuitem').first().waitFor({ state: 'hidden' });
  return names;
}

describe('a reaction', { timeout: 120_000 }, () => {
  it('is there for everybody at a press, counted with its names, and gone at the next', async () => {
    await using both = await two();
    const { ann, bob: other } = both;
    await both.say(bob, 'Lunch?');
    await row(ann.page, 'Lunch?').hover();
    await action(ann.page, 'Lunch?', 'React with 👍').click();
    const chip = (page: Page) => action(page, 'Lunch?', /^👍/u);
    await chip(other.page).waitFor();
    expect(await chip(other.page).getAttribute('aria-pressed')).toBe('false');
    expect(await chip(other.page).getAttribute('title')).toBe('ann reacted with 👍');
    await chip(other.page).click();
    await expect.poll(() => chip(ann.page).getAttribute('aria-label')).toBe('👍 2: You and bob');
    await chip(ann.page).click();
    await expect.poll(() => chip(other.page).getAttribute('aria-label')).toBe('👍 1: You');
    await chip(other.page).click();
    await chip(ann.page).waitFor({ state: 'hidden' });
    expect([...ann.complaints, ...other.complaints]).toEqual([]);
  });

  it('is any emoji by the picker', async () => {
    await using both = await two();
    const { page } = both.ann;
    await both.say(bob, 'A fox ran by');
    await row(page, 'A fox ran by').hover();
    await action(page, 'A fox ran by', 'React with an emoji').click();
    await page.getByRole('combobox', { name: 'Search emoji' }).fill('fox');
    await page.getByRole('option', { name: 'fox' }).click();
    await action(both.bob.page, 'A fox ran by', /^🦊 1/u).waitFor();
    // What one uses most is near from then on.
    await row(page, 'A fox ran by').hover();
    await action(page, 'A fox ran by', 'React with 🦊').waitFor();
  });

  it('is shown before the hub has answered, and taken back with a reason when it refuses', async () => {
    await using both = await two();
    const { page } = both.ann;
    const id = await both.say(bob, 'Yes or no?');
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    await page.route(`**/messages/${id}/reactions/**`, async (route) => {
      await answered;
      const body = {
        type: 'x',
        title: 'x',
        status: 403,
        code: 'FORBIDDEN',
        detail: 'not today',
        retryable: false,
      };
      await route.fulfill({ status: 403, contentType: 'application/problem+json', json: body });
    });
    await row(page, 'Yes or no?').hover();
    await action(page, 'Yes or no?', 'React with 👍').click();
    await action(page, 'Yes or no?', /^👍 1/u).waitFor();
    answer();
    await page.getByText('Not today').waitFor();
    await action(page, 'Yes or no?', /^👍 1/u).waitFor({ state: 'hidden' });
  });
});

describe('a message of ones own', { timeout: 120_000 }, () => {
  it('is changed by the arrow up, with Escape for a way back and the focus where one writes', async () => {
    await using both = await two();
    const { page } = both.ann;
    await both.say(web.owner, 'Firts');
    await both.say(bob, 'Somebody else');
    const form = page.getByRole('textbox', { name: 'Change the message' });
    await field(page).press('ArrowUp');
    await form.waitFor();
    expect(await form.inputValue()).toBe('Firts');
    await form.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await expect.poll(() => field(page).evaluate((area) => area === document.activeElement)).toBe(true);
    await page.keyboard.press('ArrowUp');
    await form.fill('First');
    await page.keyboard.press('Enter');
    await row(both.bob.page, 'First').waitFor();
    // What was not changed is no change.
    await page.keyboard.press('ArrowUp');
    await form.press('Enter');
    await form.waitFor({ state: 'hidden' });
    const params = { channelId: both.channelId };
    const { items } = await web.owner.call('listMessages', { params, query: {} });
    const own = items.find(({ content }) => content === 'First');
    const edits = await web.owner.call('listEdits', { params: { ...params, messageId: own?.id ?? '' } });
    expect(edits.items.map(({ content }) => content)).toEqual(['Firts']);
    expect(both.ann.complaints).toEqual([]);
  });

  it('keeps what was typed when the hub refuses, when it is changed elsewhere, and when it is deleted', async () => {
    await using both = await two();
    const { page } = both.ann;
    const id = await both.say(web.owner, 'Draft one');
    await more(page, 'Draft one', 'Edit');
    const form = page.getByRole('textbox', { name: 'Change the message' });
    await form.fill('Draft two');
    await page.route(`**/messages/${id}`, (route) => route.abort(), { times: 1 });
    await page.route(`**/messages/${id}`, (route) => {
      const body = {
        type: 'x',
        title: 'x',
        status: 409,
        code: 'CONFLICT',
        detail: 'it is being kept',
        retryable: false,
      };
      return route.fulfill({ status: 409, contentType: 'application/problem+json', json: body });
    });
    await form.press('Enter');
    await page.getByText('It is being kept. Your text is still here.').waitFor();
    expect(await form.inputValue()).toBe('Draft two');
    await page.unroute(`**/messages/${id}`);
    const params = { channelId: both.channelId, messageId: id };
    await web.owner.call('editMessage', { params, body: { content: 'Draft three' } });
    await form.press('End');
    await form.pressSequentially('!');
    await page.getByText('It was changed elsewhere meanwhile').waitFor();
    await web.owner.call('deleteMessage', { params });
    await page.getByText('The message was deleted meanwhile').waitFor();
    expect(await form.inputValue()).toBe('Draft two!');
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  });

  it('is deleted after a question', async () => {
    await using both = await two();
    const { page } = both.ann;
    await both.say(web.owner, 'Oh no');
    await more(page, 'Oh no', 'Delete…');
    const dialog = page.getByRole('dialog', { name: 'Delete this message?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await more(page, 'Oh no', 'Delete…');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await row(both.bob.page, 'Oh no').waitFor({ state: 'hidden' });
    await row(page, 'Oh no').waitFor({ state: 'hidden' });
    expect(both.ann.complaints).toEqual([]);
  });
});

describe('what can be done with a message', { timeout: 120_000 }, () => {
  it('is what one may do: of others nothing is changed, and who moderates deletes', async () => {
    await using both = await two();
    await both.say(web.owner, 'Of Ann');
    await both.say(bob, 'Of Bob');
    expect(await menuOf(both.bob.page, 'Of Ann')).toEqual([
      'React…',
      'Reply in thread',
      'Quote',
      'Pin to the channel',
      'Copy text',
      'Copy link',
    ]);
    expect(await menuOf(both.bob.page, 'Of Bob')).toEqual(expect.arrayContaining(['Edit', 'Delete…']));
    const moderated = await menuOf(both.ann.page, 'Of Bob');
    expect(moderated).toContain('Delete…');
    expect(moderated).not.toContain('Edit');
    const params = { channelId: both.channelId };
    await web.owner.call('archiveChannel', { params });
    await both.ann.page.getByText('This channel is archived').waitFor();
    expect(await menuOf(both.ann.page, 'Of Ann')).toEqual(['Reply in thread', 'Copy text', 'Copy link']);
  });

  it('pins, quotes, copies and leads to the thread', async () => {
    await using both = await two({ permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = both.ann;
    const id = await both.say(bob, 'Worth keeping');
    await more(page, 'Worth keeping', 'Pin to the channel');
    await page.getByText('The message is pinned.').waitFor();
    const pins = await web.owner.call('listPins', { params: { channelId: both.channelId } });
    expect(pins.items.map((message) => message.id)).toEqual([id]);
    await more(page, 'Worth keeping', 'Unpin');
    await page.getByText('The message is unpinned.').waitFor();
    await more(page, 'Worth keeping', 'Copy link');
    await page.getByText('The link is copied.').waitFor();
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    expect(await clipboard()).toBe(`${web.url}/#/c/${both.channelId}/m/${id}`);
    await more(page, 'Worth keeping', 'Copy text');
    await page.getByText('The text is copied.').waitFor();
    expect(await clipboard()).toBe('Worth keeping');
    await field(page).fill('I think');
    await more(page, 'Worth keeping', 'Quote');
    await expect.poll(() => field(page).inputValue()).toBe('I think\n\n> Worth keeping\n\n');
    await row(page, 'Worth keeping').hover();
    await action(page, 'Worth keeping', 'Reply in thread').click();
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    expect(new URL(page.url()).hash).toContain(encodeURIComponent(`thread:${id}`));
    expect(both.ann.complaints).toEqual([]);
  });

  it('is behind one button for a finger', async () => {
    await using both = await two({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });
    const { page } = both.ann;
    await both.say(bob, 'By hand');
    await action(page, 'By hand', 'More actions').tap();
    await page.getByRole('menuitem', { name: 'React…' }).tap();
    await page.getByRole('option', { name: 'grinning face' }).first().tap();
    await action(both.bob.page, 'By hand', /^😀/u).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });

  it('has keys on a row that has the focus', async () => {
    await using both = await two();
    const { page } = both.ann;
    await both.say(web.owner, 'By keys');
    const focus = async (): Promise<void> =>
      row(page, 'By keys').evaluate((one) => {
        one.tabIndex = -1;
        one.focus();
      });
    const toolbar = row(page, 'By keys').getByRole('toolbar', { name: 'Actions of the message' });
    await focus();
    await toolbar.waitFor();
    await page.keyboard.press('e');
    const form = page.getByRole('textbox', { name: 'Change the message' });
    await form.waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await focus();
    await toolbar.waitFor();
    await page.keyboard.press('r');
    await page.getByRole('combobox', { name: 'Search emoji' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Search emoji' }).waitFor({ state: 'hidden' });
    await focus();
    await toolbar.waitFor();
    await page.keyboard.press('Delete');
    await page
      .getByRole('dialog', { name: 'Delete this message?' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await focus();
    await toolbar.waitFor();
    await page.keyboard.press('t');
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
  });
});
