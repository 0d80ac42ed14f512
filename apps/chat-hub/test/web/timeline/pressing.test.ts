/// <reference lib="dom" />
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';
import { below, log, say, sayMany, settled } from './saying.ts';

const patience = { timeout: 120_000 };

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

/** A page of a channel with more in it than is seen, at its end, where Bob has reacted. */
async function busy(name: string) {
  const channelId = await web.channel(name, [bob]);
  await sayMany(bob, channelId, 40);
  const { id: messageId } = await say(bob, channelId, 'like it');
  await bob.call('addReaction', { params: { channelId, messageId, emoji: '👍' } });
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`);
  const reaction = page.getByRole('button', { name: /^👍/u });
  await reaction.waitFor();
  await settled(page);
  return { channelId, page, complaints, reaction };
}

const middleOf = async (what: Locator): Promise<[number, number]> => {
  const box = await what.boundingBox();
  if (box === null) throw new Error('it is not seen');
  return [box.x + box.width / 2, box.y + box.height / 2];
};

test(
  'what is pressed while somebody speaks is pressed, and then the end is in view again',
  patience,
  async () => {
    const { channelId, page, complaints, reaction } = await busy('speaking');
    await page.mouse.move(...(await middleOf(reaction)));
    await page.mouse.down();
    await say(bob, channelId, 'meanwhile\n\nin three\n\nparagraphs');
    await page.getByText('meanwhile').waitFor({ state: 'attached' });
    await page.mouse.up();
    await expect.poll(() => reaction.getAttribute('aria-pressed')).toBe('true');
    await expect.poll(() => below(page)).toBeLessThan(20);
    expect(complaints).toEqual([]);
  },
);

test('what stands in a log that has just moved can be pressed', patience, async () => {
  const { page, complaints } = await busy('moving');
  const hits = await log(page).evaluate(async (log) => {
    const { top } = log.getBoundingClientRect();
    const hits: boolean[] = [];
    log.scrollTop -= 40;
    // In every frame, for as long as a list takes to rest.
    for (let left = 30; left > 0; left -= 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const row = [...log.querySelectorAll('article')].find((row) => row.getBoundingClientRect().top > top);
      const box = row?.getBoundingClientRect() ?? new DOMRect();
      const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      hits.push(hit !== null && row?.contains(hit) === true);
    }
    return hits;
  });
  expect(hits).not.toContain(false);
  expect(complaints).toEqual([]);
});
