import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

let web: WebWorld;
beforeAll(async () => void (web = await openWebWorld()), 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

test('two people in two browsers see at once what the other says', { timeout: 120_000 }, async () => {
  const bob = await web.person('bob');
  const channelId = await web.channel('plans', [bob]);
  const ann = await web.enter(web.owner, `#/c/${channelId}`);
  const other = await web.enter(bob, `#/c/${channelId}`);
  const say = async ({ page }: typeof ann, text: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
  };
  await say(ann, 'Good morning');
  await other.page.getByText('Good morning').waitFor();
  await say(other, 'Hello, <b>everybody</b>');
  await ann.page.getByRole('article', { name: /bob/u }).getByText('everybody').waitFor();
  expect(await ann.page.getByRole('article').count()).toBe(2);
  expect([...ann.complaints, ...other.complaints]).toEqual([]);
});
