import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { barriersIn } from '../../support/axe.ts';
import { startTarget, type Target } from '../../support/target.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

const patient = { timeout: 60_000 };
let web: WebWorld;
let bob: Somebody;
let target: Target;
const settingsOf = (channelId: string) => `#/c/${channelId}?panel=settings`;
beforeAll(async () => {
  target = await startTarget();
  web = await openWebWorld({ env: { HUB_WEBHOOK_NETWORKS: '127.0.0.0/8' } });
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await target.close();
});
afterEach(async () => web.browsers.leave());

test('a channel is described, and what is refused stays as it was typed', { timeout: 120_000 }, async () => {
  await web.channel('taken');
  const channelId = await web.channel('described', [bob]);
  const { page } = await web.enter(web.owner, settingsOf(channelId));
  await page.getByLabel('Name').fill('Taken');
  await page.getByLabel('Description').fill('Where it is\nsaid');
  await page.getByRole('region', { name: 'About' }).getByRole('button', { name: 'Save' }).click();
  await expect.poll(() => page.getByLabel('Name').getAttribute('aria-invalid'), patient).toBe('true');
  expect(await page.getByLabel('Name').inputValue()).toBe('taken');
  expect(await page.getByLabel('Description').inputValue()).toBe('Where it is\nsaid');
  await page.getByLabel('Name').fill('better name');
  await page.getByRole('region', { name: 'About' }).getByRole('button', { name: 'Save' }).click();
  await page
    .getByRole('main')
    .getByRole('heading', { name: /better-name/u })
    .waitFor();
  const { channel } = await web.owner.call('readChannel', { params: { channelId } });
  expect(channel).toMatchObject({ name: 'better-name', description: 'Where it is\nsaid', topic: '' });

  await page.getByLabel('Slow mode').selectOption('One message every 30 seconds');
  await expect.poll(() => page.getByLabel('Slow mode').inputValue(), patient).toBe('30');
  await page.getByRole('combobox', { name: 'Messages are kept' }).selectOption('For some days');
  await page.getByLabel('Days').fill('30');
  const kept = page.getByRole('region', { name: 'How long messages are kept' });
  await kept.getByRole('button', { name: 'Save' }).click();
  await page.getByText('In force: for 30 days').waitFor();
  expect(await barriersIn(page, '.panel')).toEqual([]);

  // Who only writes there reads what it is about, and may say what it is about just now.
  const other = await web.enter(bob, settingsOf(channelId));
  await other.page.getByRole('textbox', { name: 'Topic' }).waitFor();
  expect(await other.page.getByLabel('Name').getAttribute('readonly')).not.toBeNull();
  for (const title of ['Pace', 'Webhooks in', 'Webhooks out'])
    expect(await other.page.getByRole('region', { name: title }).count()).toBe(0);
  expect(await other.page.getByRole('button', { name: /Delete|Archive|Add a command/u }).count()).toBe(0);
  expect(other.complaints).toEqual([]);
});

test('a webhook in writes by an address that is told once', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('builds');
  const { page, complaints } = await web.enter(web.owner, settingsOf(channelId));
  await page.getByRole('button', { name: 'Add a webhook in' }).click();
  await page.getByRole('region', { name: 'Webhooks in' }).getByLabel('Name').fill('Build server');
  await page.getByRole('button', { name: 'Make the address' }).click();
  const address = await page.getByLabel('Address to post to').inputValue();
  const post = () =>
    fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'It is green' }),
    });
  expect((await post()).status).toBe(200);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  expect(await page.content()).not.toContain(new URL(address).pathname);
  await page.getByRole('button', { name: 'End Build server' }).click();
  await page.getByRole('button', { name: 'End it' }).click();
  await page.getByText('No program writes here by a webhook.').waitFor();
  expect((await post()).status).toBe(404);
  expect(complaints).toEqual([]);
});

test('a webhook out is told, and its log tells it once more', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('told');
  const { page, complaints } = await web.enter(web.owner, settingsOf(channelId));
  const section = page.getByRole('region', { name: 'Webhooks out' });
  await section.getByRole('button', { name: 'Add a webhook out' }).click();
  await section.getByLabel('Name').fill('Tickets');
  await section.getByLabel('Address').fill(target.url);
  await section.getByLabel('Pins').check();
  await section.getByRole('button', { name: 'Begin to tell' }).click();
  await section.getByLabel('Secret of the signature').waitFor();
  const { items } = await web.owner.call('listWebhooks', { params: { channelId } });
  expect(items[0]?.events).toEqual(['channel.message', 'channel.message.pin', 'channel.message.unpin']);
  const said = await web.owner.call('sendMessage', {
    params: { channelId },
    body: { clientId: 'told', content: 'Do you hear?' },
  });
  await expect.poll(() => target.calls.length, patient).toBe(1);
  await section.getByRole('button', { name: 'What Tickets was told' }).click();
  const log = section.getByRole('group', { name: 'Deliveries' });
  await expect
    .poll(
      async () => {
        await log.getByRole('button', { name: 'Look again' }).click();
        return log.getByText('delivered', { exact: true }).count();
      },
      { timeout: 60_000 },
    )
    .toBe(1);
  await log.getByText(/tried once · answered 200/u).waitFor();
  await log.getByRole('button', { name: 'Tell it once more' }).click();
  await expect.poll(() => target.calls.length, patient).toBe(2);
  expect(target.calls[1]?.body).toContain(said.message.id);
  await section.getByRole('button', { name: 'I have kept it' }).click();
  expect(await barriersIn(page, '.panel')).toEqual([]);
  expect(complaints).toEqual([]);
});

test('a command is made for an address, and ended', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('commanded', [bob]);
  const { page } = await web.enter(web.owner, settingsOf(channelId));
  const section = page.getByRole('region', { name: 'Commands' });
  await section.getByRole('button', { name: 'Add a command' }).click();
  await section.getByLabel('Name').fill('/Deploy now');
  await section.getByLabel('What it does').fill('Deploys');
  await section.getByLabel('Address').fill(target.url);
  await section.getByRole('button', { name: 'Make the command' }).click();
  await section.getByRole('alert').waitFor();
  expect(await section.getByLabel('What it does').inputValue()).toBe('Deploys');
  await section.getByLabel('Name').fill('/deploy');
  await section.getByRole('button', { name: 'Make the command' }).click();
  await section.getByText('/deploy', { exact: true }).waitFor();
  await section.getByLabel('Secret of the signature').waitFor();
  const other = await web.enter(bob, settingsOf(channelId));
  await other.page.getByText('answered by ann', { exact: false }).waitFor();
  expect(await other.page.getByRole('button', { name: 'End /deploy' }).count()).toBe(0);
  await section.getByRole('button', { name: 'End /deploy' }).click();
  await page.getByRole('button', { name: 'End it' }).click();
  await section.getByText('There are no commands here.', { exact: false }).waitFor();
});

test(
  'a channel is archived and taken back, left, and deleted by who types its name',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('doomed', [bob]);
    const { page, complaints } = await web.enter(web.owner, settingsOf(channelId));
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await page.getByText(/Archived since/u).waitFor();
    await page.getByRole('complementary').getByRole('button', { name: 'Unarchive' }).click();
    await page.getByText(/Archived since/u).waitFor({ state: 'detached' });

    const other = await web.enter(bob, settingsOf(channelId));
    await other.page.getByRole('complementary').getByRole('button', { name: 'Leave' }).click();
    await other.page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await other.page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Members: 1 member,/u }).waitFor();

    await page.getByRole('button', { name: 'Delete…' }).click();
    const button = page.getByRole('button', { name: 'Delete for good' });
    await page.getByLabel('Type doomed to make sure').fill('doom');
    expect(await button.isDisabled()).toBe(true);
    await page.getByLabel('Type doomed to make sure').fill('doomed');
    await button.click();
    // What is below a dialog has no role for as long as it is open, and would seem to be gone.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: /doomed/u }).waitFor({ state: 'detached' });
    await expect(web.owner.call('readChannel', { params: { channelId } })).rejects.toThrow('channel');
    // A channel that is gone is asked for no more.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  },
);
