import { connectHub, type Hub } from '@parley/hub-client';
import { until } from '@parley/services';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

const count = 111;
/** Rows beside those that are seen. */
const mostRows = 200;

let web: WebWorld;
const agents: Hub[] = [];
beforeAll(async () => void (web = await openWebWorld()), 120_000);
afterAll(async () => {
  for (const agent of agents) agent.close();
  await web[Symbol.asyncDispose]();
}, 60_000);
afterEach(async () => web.browsers.leave());

test('111 agents and somebody before a page talk with each other', { timeout: 240_000 }, async () => {
  const bob = await web.person('bob');
  const users = [];
  for (let nth = 0; nth < count; nth += 1) users.push(await web.agent(`agent-${nth}`));
  const channelId = await web.channel('all', [bob, ...users]);
  for (const { token } of users) agents.push(connectHub({ url: web.url, token, keep: 300 }));
  await Promise.all(agents.map(({ ready }) => ready));
  const { page, complaints } = await web.enter(bob, `#/c/${channelId}`);
  const box = page.getByRole('textbox', { name: /^Message/u });
  await box.waitFor();

  // Each of them twice, all at once.
  await Promise.all(
    agents.flatMap((agent, nth) =>
      ['first', 'second'].map((word) => agent.send(channelId, { content: `${word} of ${nth}` }).message),
    ),
  );
  await box.fill('What do all of you think?');
  await page.keyboard.press('Enter');
  await until(() => agents.every((agent) => hears(agent, channelId, 'What do all of you think?')), {
    what: 'every agent hears the person',
    deadline: 60_000,
  });
  const last = agents.at(-1);
  await last?.send(channelId, { content: 'the last word' }).message;
  await page.getByText('the last word').waitFor();
  // However much was said, the page holds what is near to what is seen.
  expect(await page.locator('[data-message]').count()).toBeLessThan(mostRows);
  expect(complaints).toEqual([]);
});

function hears(agent: Hub, channelId: string, text: string): boolean {
  const messages = agent.snapshot().channels.get(channelId)?.messages ?? [];
  return messages.some(({ content }) => content === text);
}
