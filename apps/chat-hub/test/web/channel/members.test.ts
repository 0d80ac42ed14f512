import { connectHub } from '@parley/hub-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { barriersIn } from '../../support/axe.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

const patient = { timeout: 60_000 };
let web: WebWorld;
let bob: Somebody;
const panelOf = (channelId: string, panel: string) => `#/c/${channelId}?panel=${encodeURIComponent(panel)}`;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

test(
  '111 agents are listed by groups, found by name, and drawn only as far as they are seen',
  {
    timeout: 120_000,
  },
  async () => {
    const agents: Somebody[] = [];
    for (let i = 1; i <= 111; i += 1) agents.push(await web.agent(`seed-${i}`));
    const channelId = await web.channel('seeds', [bob, ...agents]);
    const hubs = agents.slice(0, 3).map(({ token }) => connectHub({ url: web.url, token }));
    try {
      for (const [i, hub] of hubs.entries()) {
        await hub.ready;
        hub.agent({ load: 0.9 - i / 10, model: 'm-1', capabilities: ['sums'] });
      }
      const { page, complaints } = await web.enter(bob, panelOf(channelId, 'members'));
      await page.getByRole('heading', { name: 'Agents at work 3' }).waitFor();
      await page.getByRole('button', { name: /^seed-1\b.*busy: 90 %/u }).waitFor();
      const rows = page.locator('.member-line');
      expect(await rows.count()).toBeLessThan(60);
      await page
        .getByRole('group', { name: 'Members' })
        .evaluate((list) => (list.scrollTop = list.scrollHeight));
      await page.getByRole('button', { name: /^seed-111\b/u }).waitFor();
      expect(await rows.count()).toBeLessThan(60);

      await page.getByRole('searchbox', { name: 'Find a member' }).fill('seed-11');
      await page.getByRole('heading', { name: 'Agents that are not here 3' }).waitFor();
      await expect.poll(() => rows.count(), patient).toBe(3);
      await page.getByRole('button', { name: /^seed-11\b/u }).focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => page.locator(':focus').textContent(), patient).toContain('seed-110');
      await page.getByRole('searchbox', { name: 'Find a member' }).fill('nobody');
      await page.getByText('No member is called “nobody”.').waitFor();
      await page.keyboard.press('Escape');

      hubs[0]?.typing(channelId, 'start');
      await page.getByRole('button', { name: /^seed-1\b.*is typing/u }).waitFor();
      await bob.call('setStatus', { body: { availability: 'dnd', customStatus: 'Deep in <b>thought</b>' } });
      await page.getByRole('button', { name: /^bob.*Do not disturb · Deep in <b>thought<\/b>/u }).waitFor();
      expect(await barriersIn(page, '.panel')).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      for (const hub of hubs) hub.close();
    }
  },
);

test('members are added, made more, muted and removed by who may', { timeout: 120_000 }, async () => {
  const carl = await web.person('carl');
  await web.person('dora');
  const channelId = await web.channel('team', [bob, carl]);
  const { page, complaints } = await web.enter(web.owner, panelOf(channelId, 'members'));
  const choose = async (who: string, item: string): Promise<void> => {
    await page.getByRole('button', { name: `What to do with ${who}` }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await page.getByRole('button', { name: 'Add people or agents' }).click();
  await page.getByRole('searchbox', { name: /to add/u }).fill('dor');
  await page.getByRole('button', { name: 'Add dora' }).click();
  await page.getByText('dora is in the channel now.').waitFor();
  await page.getByText('Nobody else is called “dor”.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^dora/u }).waitFor();

  await choose('carl', 'Change the role…');
  await page.getByRole('combobox', { name: 'Role' }).selectOption('admin');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: /^carl\s*admin/u }).waitFor();

  await choose('bob', 'Mute…');
  await page.getByLabel('For how long').selectOption('8 hours');
  await page.getByLabel('Reason').fill('Too loud');
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await page.getByRole('button', { name: /^bob\s*muted/u }).waitFor();
  const say = () =>
    bob.call('sendMessage', { params: { channelId }, body: { clientId: 'muted', content: 'Hm' } });
  await expect(say()).rejects.toThrow('muted');
  await choose('bob', 'Let speak again');
  await page.getByText('bob may speak again.').waitFor();
  await say();

  await choose('dora', 'Time-out everywhere…');
  await page.getByRole('button', { name: 'Begin the time-out' }).click();
  await page.getByText('dora is in a time-out.').waitFor();
  await choose('dora', 'End the time-out');
  await page.getByText('The time-out of dora is over.').waitFor();

  await choose('bob', 'Remove from the channel…');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.locator('.member-line', { hasText: 'bob' }).waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);

  // An admin of the channel does nothing to its owner, and a member to nobody.
  const other = await web.enter(carl, panelOf(channelId, 'members'));
  await other.page.getByRole('button', { name: 'What to do with ann' }).click();
  await other.page.getByRole('menuitem', { name: 'Send a message' }).waitFor();
  expect(await other.page.getByRole('menuitem').allTextContents()).toEqual(['Profile', 'Send a message']);
  await other.page.keyboard.press('Escape');
  await other.page.getByRole('button', { name: 'What to do with dora' }).click();
  await other.page.getByRole('menuitem', { name: 'Remove from the channel…' }).waitFor();
  await web.owner.call('putMember', { params: { channelId, userId: carl.id }, body: { role: 'observer' } });
  await other.page.getByRole('menuitem', { name: 'Remove from the channel…' }).waitFor({ state: 'detached' });
  expect(await other.page.getByRole('button', { name: 'Add people or agents' }).count()).toBe(0);
});

test(
  'a profile tells who somebody is, and leads to a message and a mention',
  { timeout: 120_000 },
  async () => {
    const robot = await web.agent('robot');
    const channelId = await web.channel('robots', [bob, robot]);
    await web.owner.call('updateUser', {
      params: { userId: robot.id },
      body: { ownerId: bob.id, bio: 'I <i>sum</i>' },
    });
    const hub = connectHub({ url: web.url, token: robot.token });
    try {
      await hub.ready;
      hub.agent({ load: 0.5, model: 'sums-2', capabilities: ['sums', 'products'] });
      const { page, complaints } = await web.enter(bob, `#/c/${channelId}`);
      await page.getByRole('button', { name: /here now, 1 agent at work/u }).waitFor();
      await robot.call('sendMessage', {
        params: { channelId },
        body: { clientId: 'again', content: 'There' },
      });
      await page.getByRole('article').getByRole('button', { name: 'robot', exact: true }).last().click();
      const card = page.getByRole('complementary', { name: 'Agent' });
      for (const text of ['sums-2', 'products', 'I <i>sum</i>', 'Here', '50 %'])
        await card.getByText(text, { exact: true }).waitFor();
      await card.getByText('@robot').waitFor();
      expect(await card.getByRole('link', { name: 'Manage' }).count()).toBe(0);
      expect(await barriersIn(page, '.panel')).toEqual([]);

      await page.getByRole('textbox', { name: 'Message' }).fill('Ask');
      await card.getByRole('button', { name: 'Mention' }).click();
      const field = page.getByRole('textbox', { name: 'Message' });
      await expect.poll(() => field.inputValue(), patient).toBe('Ask @robot ');
      await expect.poll(() => field.evaluate((element) => element.matches(':focus')), patient).toBe(true);
      hub.close();
      await card.getByText('Not here', { exact: false }).waitFor();

      await card.getByRole('button', { name: 'bob' }).click();
      await page.getByRole('complementary', { name: 'Profile' }).getByText('@bob').waitFor();
      await page.goBack();
      await card.getByRole('button', { name: 'Message' }).click();
      await page.getByRole('heading', { name: 'Conversation robot' }).waitFor();
      expect(new URL(page.url()).hash).not.toContain(channelId);
      expect(complaints).toEqual([]);
    } finally {
      hub.close();
    }
  },
);
