import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let receiver: Server;
let answer = 500;
let told = 0;
beforeAll(async () => {
  web = await openWebWorld({
    env: { HUB_WEBHOOK_NETWORKS: '127.0.0.0/8', HUB_LIMITS: 'search.person=2' },
  });
  receiver = createServer((_, response) => {
    told += 1;
    response.writeHead(answer).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
}, 120_000);
afterAll(async () => {
  receiver.close();
  await web[Symbol.asyncDispose]();
});
afterEach(async () => web.browsers.leave());

const patience = { timeout: 120_000 };

function receiverUrl(): string {
  const address = receiver.address();
  if (address === null || typeof address === 'string') throw new Error('the receiver does not listen');
  return `http://127.0.0.1:${address.port}/secret-path`;
}

test(
  'webhooks of all channels are seen, what they were told is told again, and they are deleted',
  patience,
  async () => {
    const bob = await web.person('bob');
    const channelId = await web.channel('plans', [bob]);
    const closed = (await bob.call('createChannel', { body: { kind: 'private', name: 'closed' } })).id;
    await bob.call('createIncomingWebhook', { params: { channelId: closed }, body: { name: 'Alerts' } });
    await web.owner.call('createWebhook', {
      params: { channelId },
      body: { name: 'Build', url: receiverUrl(), events: ['channel.message'] },
    });
    await bob.call('sendMessage', { params: { channelId }, body: { content: 'hello', clientId: 'c1' } });
    const { page, complaints } = await web.enter(web.owner, '#/admin/webhooks');
    const row = (name: string) => page.getByRole('row').filter({ hasText: name });
    await row('Alerts').getByText('a channel that you are not in').waitFor();
    await row('Build').getByText('http://127.0.0.1').waitFor();
    expect(await page.content()).not.toContain('secret-path');
    await expect.poll(() => told, { timeout: 60_000 }).toBeGreaterThan(0);
    await row('Build').getByRole('link', { name: 'Deliveries' }).click();
    const delivery = row('channel.message');
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Look again' }).click();
          return delivery.innerText();
        },
        { timeout: 60_000 },
      )
      .toContain('500');
    answer = 204;
    await delivery.getByRole('button', { name: 'Tell again' }).click();
    await page.getByText('It is told once more.').waitFor();
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Look again' }).click();
          return delivery.innerText();
        },
        { timeout: 60_000 },
      )
      .toContain('Delivered');
    await page.getByRole('link', { name: 'All webhooks' }).click();
    await row('Build').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row('Build').waitFor({ state: 'detached' });
    // Of a channel that one is not in, the hub refuses it; that is told where it was asked.
    await row('Alerts').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    expect(complaints.filter((text) => !/40[34]/u.test(text))).toEqual([]);
  },
);

test('limits tell who came to the end of them', patience, async () => {
  const carla = await web.person('carla');
  const searches = Array.from({ length: 4 }, () =>
    carla.call('searchMessages', { query: { query: 'nothing' }, deadlineMs: 10_000 }).catch(() => undefined),
  );
  await Promise.all(searches);
  const { page, complaints } = await web.enter(web.owner, '#/admin/limits');
  const most = page.getByRole('table', { name: 'Who was refused most' });
  await most.getByRole('row').filter({ hasText: '@carla' }).getByText('Searches of each person').waitFor();
  const rules = page.getByRole('table', { name: 'Limits and what came of them' });
  await rules
    .getByRole('row')
    .filter({ hasText: 'Searches of each person' })
    .getByText('2 a minute')
    .waitFor();
  expect(complaints).toEqual([]);
});

test('an announcement is asked about, and reaches who is connected', patience, async () => {
  const { page, complaints } = await web.enter(web.owner, '#/admin/announce');
  const heard: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.push(String(payload))));
  await page.reload();
  await page.getByLabel('What everybody should know').fill('Cake in the kitchen');
  await page.getByLabel('How important it is').selectOption('warning');
  await page.getByRole('button', { name: 'Announce' }).click();
  await page.getByRole('dialog').getByText('cannot be taken back').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Tell everybody' }).click();
  await page.getByText('Everybody who is connected was told.').waitFor();
  await expect.poll(() => page.getByLabel('What everybody should know').inputValue()).toBe('');
  await expect.poll(() => heard.join(''), { timeout: 30_000 }).toContain('Cake in the kitchen');
  const notice = page.getByRole('log', { name: 'Announcements' });
  await notice.getByText('Cake in the kitchen').waitFor();
  await notice.getByRole('button', { name: 'Close the announcement' }).click();
  await notice.getByText('Cake in the kitchen').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

test('how long messages are kept is said of a channel', patience, async () => {
  const channelId = await web.channel('short-lived');
  const { page, complaints } = await web.enter(web.owner, '#/admin/retention');
  const row = page.getByRole('row').filter({ hasText: '#short-lived' });
  await row.getByText('for ever').waitFor();
  await row.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('Keep messages').selectOption('For some days');
  await page.getByLabel('Days').fill('30');
  await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
  await row.getByText('30 days').waitFor();
  expect(await web.owner.call('readRetention', { params: { channelId } })).toMatchObject({ days: 30 });
  expect(complaints).toEqual([]);
});

test('the owner downloads a backup and an export, and nobody else is offered them', patience, async () => {
  const { page, complaints } = await web.enter(web.owner, '#/admin/backup');
  const download = async (name: string): Promise<{ readonly name: string; readonly bytes: Buffer }> => {
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name }).click();
    const file = await downloading;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  const backup = await download('Download a backup');
  expect(backup.name).toBe('parley.backup');
  expect([...backup.bytes.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  const spoken = await download('Download an export');
  expect(spoken.name).toBe('parley-export.jsonl');
  expect(JSON.parse(spoken.bytes.toString().split('\n')[0] ?? '')).toBeTypeOf('object');
  await page.getByLabel('With direct conversations').check();
  const link = page.getByRole('link', { name: 'Download an export' });
  expect(await link.getAttribute('href')).toBe('/api/v1/export?direct=true');
  expect(complaints).toEqual([]);

  const admin = await web.enter(await web.person('dora', 'admin'), '#/admin/backup');
  await admin.page.getByText('is for who owns the workspace').waitFor();
  expect(await admin.page.getByRole('link', { name: /Download/u }).count()).toBe(0);
});
