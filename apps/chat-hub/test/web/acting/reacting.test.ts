import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { pointUntil, pressOn } from '../../support/press-on.ts';
import { action, row, two } from './two.ts';

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

describe('a reaction', { timeout: 120_000 }, () => {
  it('is there for everybody at a press, counted with its names, and gone at the next', async () => {
    await using both = await two(web, bob);
    const { ann, bob: other } = both;
    await both.say(bob, 'Lunch?');
    await pressOn(row(ann.page, 'Lunch?'), action(ann.page, 'Lunch?', 'React with 👍'));
    const chip = (page: Page) => action(page, 'Lunch?', /^👍/u);
    await chip(other.page).waitFor();
    expect(await chip(other.page).getAttribute('aria-pressed')).toBe('false');
    await expect.poll(() => chip(other.page).getAttribute('title')).toBe('ann reacted with 👍');
    await chip(other.page).click();
    await expect.poll(() => chip(ann.page).getAttribute('aria-label')).toBe('👍 2: You and bob');
    await chip(ann.page).click();
    await expect.poll(() => chip(other.page).getAttribute('aria-label')).toBe('👍 1: You');
    await chip(other.page).click();
    await chip(ann.page).waitFor({ state: 'hidden' });
    expect([...ann.complaints, ...other.complaints]).toEqual([]);
  });

  it('is any emoji by the picker', async () => {
    await using both = await two(web, bob);
    const { page } = both.ann;
    await both.say(bob, 'A fox ran by');
    await pressOn(row(page, 'A fox ran by'), action(page, 'A fox ran by', 'React with an emoji'));
    await page.getByRole('combobox', { name: 'Search emoji' }).fill('fox');
    await page.getByRole('option', { name: 'fox' }).click();
    await action(both.bob.page, 'A fox ran by', /^🦊 1/u).waitFor();
    // The same as by the button of another.
    await pressOn(row(page, 'A fox ran by'), action(page, 'A fox ran by', 'React with an emoji'));
    await page.getByRole('combobox', { name: 'Search emoji' }).fill('thumbs up');
    await page.getByRole('option', { name: 'thumbs up' }).click();
    await pressOn(row(both.bob.page, 'A fox ran by'), action(both.bob.page, 'A fox ran by', 'React with 👍'));
    await action(page, 'A fox ran by', /^👍 2/u).waitFor();
    // What one uses most is near from then on.
    await pointUntil(row(page, 'A fox ran by'), action(page, 'A fox ran by', 'React with 🦊'));
    expect(both.ann.complaints).toEqual([]);
  });

  it('is shown before the hub has answered, and taken back with a reason when it refuses', async () => {
    await using both = await two(web, bob);
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
    await pressOn(row(page, 'Yes or no?'), action(page, 'Yes or no?', 'React with 👍'));
    await action(page, 'Yes or no?', /^👍 1/u).waitFor();
    answer();
    await page.getByText('Not today').waitFor();
    await action(page, 'Yes or no?', /^👍 1/u).waitFor({ state: 'hidden' });
    // Only what was refused for this test is complained of.
    expect(both.ann.complaints.filter((text) => !text.includes('403'))).toEqual([]);
  });
});
