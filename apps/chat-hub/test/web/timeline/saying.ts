/// <reference lib="dom" />
import type { Message } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import type { Page } from 'playwright-core';
import { newId } from '../../../src/database/ids.ts';
import type { Somebody } from '../../support/web-world.ts';

/** Somebody says something, past every page. */
export async function say(
  who: Somebody,
  channelId: string,
  content: string,
  more: Partial<RouteBody<'sendMessage'>> = {},
): Promise<Message> {
  const body = { clientId: newId(), content, ...more };
  return (await who.call('sendMessage', { params: { channelId }, body })).message;
}

/** Somebody says all of it in this order, and is gone again. */
export async function sayAll(
  who: Somebody,
  channelId: string,
  contents: readonly string[],
  threadId?: string,
): Promise<void> {
  const hub = who.connect();
  try {
    await hub.ready;
    const more = threadId !== undefined && { threadId };
    await Promise.all(contents.map((content) => hub.send(channelId, { content, ...more }).message));
  } finally {
    hub.close();
  }
}

/** Messages of very different heights, each with its number. */
export async function sayMany(who: Somebody, channelId: string, count: number, from = 1): Promise<void> {
  const extras = [
    '',
    '\nwith a second line',
    `\n\n${'and a longer paragraph that goes on. '.repeat(12)}`,
    '\n\n- one\n- two\n- three',
    '\n\n```js\nconst a = 1;\n```',
  ];
  const numbers = Array.from({ length: count }, (_, at) => from + at);
  await sayAll(
    who,
    channelId,
    numbers.map((number) => `Message ${number}.${extras[number % extras.length]}`),
  );
}

export const log = (page: Page) => page.getByRole('log', { name: 'Messages' });

/** Types into the composer of the channel, and sends it. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('#main').getByRole('textbox', { name: 'Message' }).fill(text);
  await page.keyboard.press('Enter');
}

/** How far the end is below what is in view, in pixels. */
export const below = (page: Page): Promise<number> =>
  log(page).evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);

/** Nothing moves any more: the same picture a few frames on. */
export const settled = (page: Page): Promise<void> =>
  log(page).evaluate(async (log) => {
    const picture = (): string =>
      [...log.querySelectorAll('[data-row]')]
        .map((row) => `${row.getAttribute('data-row')} ${row.getBoundingClientRect().top}`)
        .join();
    for (let same = 0, last = ''; same < 8;) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = picture();
      same = now === last ? same + 1 : 0;
      last = now;
    }
  });
