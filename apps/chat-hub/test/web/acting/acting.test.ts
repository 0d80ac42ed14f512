import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { pointUntil, pressOn } from '../../support/press-on.ts';
import { sayAll } from '../timeline/saying.ts';
import { action, field, menuOf, more, row, two } from './two.ts';

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

describe('a message of ones own', { timeout: 120_000 }, () => {
  it('is changed by the arrow up, with Escape for a way back and the focus where one writes', async () => {
    await using both = await two(web, bob);
    const { page } = both.ann;
    await both.say(web.owner, 'Firts');
    await both.say(bob, 'Somebody else');
    const form = page.getByRole('textbox', { name: 'Change the message' });
    await field(page).press('ArrowUp');
    await form.waitFor();
    expect(await form.inputValue()).toBe('Firts');
    await form.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await expect.poll(() => field(page).evaluate((area) => area.matches(':focus'))).toBe(true);
    await page.keyboard.press('ArrowUp');
    await form.fill('First');
    await page.keyboard.press('Enter');
    await row(both.bob.page, 'First').waitFor();
    await form.waitFor({ state: 'hidden' });
    await expect.poll(() => field(page).evaluate((area) => area.matches(':focus'))).toBe(true);
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

  it('is brought into view from far above, and changed in one place where it stands twice', async () => {
    await using both = await two(web, bob);
    const { page } = both.ann;
    const rootId = await both.say(web.owner, 'Far above');
    const below = Array.from({ length: 50 }, (_, at) => `below ${at}\n\nit goes on`);
    await sayAll(bob, both.channelId, below);
    await row(page, 'below 49').waitFor();
    await expect.poll(() => row(page, 'Far above').count()).toBe(0);
    const form = page.getByRole('textbox', { name: 'Change the message' });
    await field(page).press('ArrowUp');
    await form.waitFor();
    expect(await form.inputValue()).toBe('Far above');
    await form.press('Escape');
    await page.goto(`${web.url}/#/c/${both.channelId}?panel=thread:${rootId}`);
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Far above').waitFor();
    await expect.poll(() => row(page, 'Far above').count()).toBe(2);
    await pressOn(
      thread.getByRole('article').first(),
      thread.getByRole('button', { name: 'Edit', exact: true }),
    );
    await thread.getByRole('textbox', { name: 'Change the message' }).waitFor();
    await expect.poll(() => form.count()).toBe(1);
    expect(both.ann.complaints).toEqual([]);
  });

  it('takes the keyboard when it is asked for, and from nobody when it merely comes back', async () => {
    await using both = await two(web, bob);
    const { page } = both.ann;
    await both.say(web.owner, 'Left open');
    const log = page.getByRole('log', { name: 'Messages' });
    const form = page.getByRole('textbox', { name: 'Change the message' });
    await field(page).press('ArrowUp');
    await form.pressSequentially(' for now');
    const below = Array.from({ length: 50 }, (_, at) => `below ${at}\n\nit goes on`);
    await sayAll(bob, both.channelId, below);
    await log.press('End');
    await row(page, 'below 49').focus();
    await field(page).focus();
    await expect.poll(() => form.count()).toBe(0);
    await log.hover();
    await expect
      .poll(async () => {
        await page.mouse.wheel(0, -400);
        await page.keyboard.type('x');
        return form.count();
      })
      .toBe(1);
    await page.keyboard.type('y');
    expect(await field(page).inputValue()).toMatch(/^x+y$/u);
    expect(await form.inputValue()).toBe('Left open for now');
    // As one comes back to the channel.
    await field(page).fill('');
    const general = await web.channel('elsewhere', [bob]);
    await page.goto(`${web.url}/#/c/${general}`);
    await page.getByPlaceholder('Message #elsewhere').waitFor();
    await page.goto(`${web.url}/#/c/${both.channelId}`);
    await row(page, 'below 49').waitFor();
    await expect.poll(() => field(page).evaluate((area) => area.matches(':focus'))).toBe(true);
    await field(page).press('ArrowUp');
    await expect.poll(() => form.evaluate((area) => area.matches(':focus'))).toBe(true);
    await field(page).focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => form.evaluate((area) => area.matches(':focus'))).toBe(true);
    expect(both.ann.complaints).toEqual([]);
  });

  it('keeps what was typed when the hub refuses, when it is changed elsewhere, and when it is deleted', async () => {
    await using both = await two(web, bob);
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
    await page.getByRole('button', { name: 'Save', disabled: true }).waitFor();
  });

  it('is deleted after a question', async () => {
    await using both = await two(web, bob);
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
    await using both = await two(web, bob);
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
    await using both = await two(web, bob, { permissions: ['clipboard-read', 'clipboard-write'] });
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
    const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');
    expect(await clipboard()).toBe(`${web.url}/#/c/${both.channelId}/m/${id}`);
    await more(page, 'Worth keeping', 'Copy text');
    await page.getByText('The text is copied.').waitFor();
    expect(await clipboard()).toBe('Worth keeping');
    await field(page).fill('I think');
    await more(page, 'Worth keeping', 'Quote');
    await expect.poll(() => field(page).inputValue()).toBe('I think\n\n> Worth keeping\n\n');
    await pressOn(row(page, 'Worth keeping'), action(page, 'Worth keeping', 'Reply in thread'));
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    expect(new URL(page.url()).hash).toContain(encodeURIComponent(`thread:${id}`));
    expect(both.ann.complaints).toEqual([]);
  });

  it('comes and goes without moving a letter of what is pointed at', async () => {
    await using both = await two(web, bob);
    const { page } = both.ann;
    // As wide as the room there is, so that any change of it breaks a line elsewhere.
    await both.say(bob, 'Stays where it is '.repeat(60));
    const main = row(page, 'Stays where it is').locator('.message-main');
    const before = await main.boundingBox();
    await pointUntil(main, action(page, 'Stays where it is', 'More actions'));
    expect(await main.boundingBox()).toEqual(before);
  });

  it('is behind one button for a finger', async () => {
    await using both = await two(web, bob, {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 360, height: 740 },
    });
    const { page } = both.ann;
    await both.say(bob, 'By hand');
    await action(page, 'By hand', 'More actions').tap();
    await page.getByRole('menuitem', { name: 'React…' }).tap();
    await page.getByRole('option', { name: 'grinning face' }).first().tap();
    await action(both.bob.page, 'By hand', /^😀/u).waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });

  it('has keys on a row that has the focus', async () => {
    await using both = await two(web, bob);
    const { page } = both.ann;
    await both.say(web.owner, 'By keys');
    const focus = async (): Promise<void> => {
      await row(page, 'By keys').evaluate((one) => {
        one.tabIndex = -1;
        one.focus();
      });
      await expect.poll(() => row(page, 'By keys').evaluate((one) => one.matches(':focus'))).toBe(true);
    };
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
    const dialog = page.getByRole('dialog', { name: 'Delete this message?' });
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    // It gives the focus back as it goes.
    await dialog.waitFor({ state: 'hidden' });
    await focus();
    await toolbar.waitFor();
    await page.keyboard.press('t');
    await page.getByRole('complementary', { name: 'Thread' }).waitFor();
    expect(both.ann.complaints).toEqual([]);
  });
});
