import { connectHub } from '@parley/hub-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
beforeAll(async () => {
  web = await openWebWorld();
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => web[Symbol.asyncDispose]());
afterEach(async () => web.browsers.leave());

test(
  'a click on the topic changes it for everybody, and Escape leaves it',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('plans', [bob]);
    const ann = await web.enter(web.owner, `#/c/${channelId}`);
    const other = await web.enter(bob, `#/c/${channelId}`);
    await ann.page.getByRole('button', { name: 'Topic: Add a topic' }).click();
    await ann.page.getByRole('textbox', { name: 'Topic' }).fill('The <b>autumn</b> release');
    await ann.page.keyboard.press('Enter');
    const topic = other.page.getByRole('button', { name: 'Topic: The <b>autumn</b> release' });
    await topic.click();
    await other.page.getByRole('textbox', { name: 'Topic' }).fill('nonsense');
    await other.page.keyboard.press('Escape');
    await topic.waitFor();

    // What the hub does not take stays where it was typed.
    await topic.click();
    await other.page.getByRole('textbox', { name: 'Topic' }).fill('Too late');
    await web.owner.call('muteMember', { params: { channelId, userId: bob.id }, body: {} });
    await other.page.locator('p.topic', { hasText: 'autumn' }).waitFor();
    expect(await other.page.getByRole('button', { name: /^Topic/u }).count()).toBe(0);
    expect([...ann.complaints, ...other.complaints]).toEqual([]);
  },
);

test('freezing asks once, tells everybody who did it, and stops agents', { timeout: 120_000 }, async () => {
  const robot = await web.agent('robot');
  const channelId = await web.channel('agents', [bob, robot]);
  const say = (clientId: string) =>
    robot.call('sendMessage', { params: { channelId }, body: { clientId, content: 'beep' } });
  const ann = await web.enter(web.owner, `#/c/${channelId}`);
  const other = await web.enter(bob, `#/c/${channelId}`);
  await ann.page.getByRole('button', { name: 'Freeze' }).click();
  await ann.page.getByRole('dialog', { name: 'Freeze #agents?' }).getByText('only people write').waitFor();
  await ann.page.getByRole('button', { name: 'Cancel' }).click();
  await ann.page.getByRole('dialog').waitFor({ state: 'detached' });
  await say('before');

  await ann.page.getByRole('button', { name: 'Freeze' }).click();
  await ann.page.getByLabel('Reason').fill('a loop');
  await ann.page.getByRole('button', { name: 'Freeze now' }).click();
  await other.page.getByText(/Frozen by ann since/u).waitFor();
  await expect(say('meanwhile')).rejects.toThrow('frozen');
  // Who does not manage the channel is told, and offered nothing.
  expect(await other.page.getByRole('button', { name: /freeze/iu }).count()).toBe(0);

  await ann.page.getByRole('status').getByRole('button', { name: 'Unfreeze' }).click();
  await other.page.getByText(/Frozen by/u).waitFor({ state: 'detached' });
  await say('after');
  expect([...ann.complaints, ...other.complaints]).toEqual([]);
});

test('who is here is counted and shown, agents apart', { timeout: 120_000 }, async () => {
  const helper = await web.agent('helper');
  const channelId = await web.channel('busy', [bob, helper]);
  const { page, complaints } = await web.enter(bob, `#/c/${channelId}`);
  await page.getByRole('button', { name: /^Members: 3 members, \d here now$/u }).waitFor();
  const hub = connectHub({ url: web.url, token: helper.token });
  try {
    await hub.ready;
    hub.agent({ load: 0.2 });
    await page.getByRole('button', { name: /^Members: 3 members, \d here now, 1 agent at work$/u }).click();
    await page.getByRole('complementary', { name: 'Members (3)' }).waitFor();
  } finally {
    hub.close();
  }
  await page.getByRole('button', { name: /^Members: 3 members, \d here now$/u, pressed: true }).waitFor();
  expect(complaints).toEqual([]);
});

test('slow mode, the archive and how to end it stand over the messages', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('slow', [bob]);
  const params = { channelId };
  const other = await web.enter(bob, `#/c/${channelId}`);
  await web.owner.call('setSlowMode', { params, body: { seconds: 300 } });
  await other.page.getByText('Slow mode: one message every 5 minutes.').waitFor();
  await web.owner.call('archiveChannel', { params });
  await other.page.getByText(/Archived since/u).waitFor();
  await other.page.getByText('Slow mode').waitFor({ state: 'detached' });
  expect(await other.page.getByRole('button', { name: 'Unarchive' }).count()).toBe(0);
  const ann = await web.enter(web.owner, `#/c/${channelId}`);
  await ann.page.getByRole('button', { name: 'Unarchive' }).click();
  await other.page.getByText(/Archived since/u).waitFor({ state: 'detached' });
  expect([...ann.complaints, ...other.complaints]).toEqual([]);
});

test('at 320 pixels everything is there, in the bar or in the menu', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('a-channel-with-quite-a-long-name', [bob]);
  const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`, {
    viewport: { width: 320, height: 640 },
  });
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Freeze agents' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  const fits = await page.evaluate('document.documentElement.scrollWidth <= innerWidth');
  expect(fits).toBe(true);
  const box = await page.getByRole('button', { name: 'More' }).boundingBox();
  expect((box?.x ?? 999) + (box?.width ?? 0)).toBeLessThanOrEqual(320);
  for (const [item, title] of [
    ['Members', 'Members (2)'],
    ['Pinned messages', 'Pinned messages'],
    ['Channel settings', 'Channel settings'],
    ['Search', 'Search'],
  ] as const) {
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.getByRole('button', { name: `Close: ${title}` }).click();
  }
  expect(complaints).toEqual([]);
});
