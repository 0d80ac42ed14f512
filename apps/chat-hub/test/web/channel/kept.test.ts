import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uploadFile } from '@parley/hub-client/files';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriersIn } from '../../support/axe.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'));
  web = await openWebWorld('embedded', { env: { HUB_FILES: folder } });
  bob = await web.person('bob');
}, 120_000);
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function share(who: Somebody, channelId: string, name: string, source: Blob): Promise<void> {
  const file = await uploadFile({ url: web.url, token: who.token, channelId, name, source });
  await who.call('sendMessage', {
    params: { channelId },
    body: { clientId: name, content: '', files: [file.id] },
  });
}

test('pinned messages are found by all, and unpinned by who may write', { timeout: 120_000 }, async () => {
  const channelId = await web.channel('pinned', [bob]);
  const params = { channelId };
  const say = async (content: string): Promise<string> =>
    (await bob.call('sendMessage', { params, body: { clientId: content, content } })).message.id;
  const messageId = await say('Keep this');
  for (let i = 0; i < 3; i += 1) await say(`and go on, ${i}`);
  await web.owner.call('pinMessage', { params: { channelId, messageId } });
  const { page, complaints } = await web.enter(bob, `#/c/${channelId}?panel=pins`);
  const panel = page.getByRole('complementary', { name: 'Pinned messages' });
  await panel.getByText('Keep this').waitFor();
  expect(await barriersIn(page, '.panel')).toEqual([]);
  await panel.getByRole('link', { name: 'Show in the channel' }).click();
  await expect.poll(() => new URL(page.url()).hash).toContain(`/m/${messageId}`);
  await page.getByRole('button', { name: 'Pinned messages: 1' }).or(panel).first().waitFor();
  await panel.getByRole('button', { name: 'Unpin' }).click();
  await panel.getByText('Nothing is pinned here yet.', { exact: false }).waitFor();
  expect(complaints).toEqual([]);
});

test(
  'files are listed, come by themselves, and are deleted by whose they are',
  { timeout: 120_000 },
  async () => {
    const channelId = await web.channel('sent', [bob]);
    const { page, complaints } = await web.enter(bob, `#/c/${channelId}?panel=files`);
    const panel = page.getByRole('complementary', { name: 'Files' });
    await panel.getByText('Nothing was sent here yet.', { exact: false }).waitFor();
    await share(web.owner, channelId, 'of ann.txt', new Blob(['Hello']));
    await panel.getByText('of ann.txt').waitFor();
    await share(bob, channelId, 'of bob.txt', new Blob(['Hello, too']));
    await share(bob, channelId, 'dot.png', new Blob([picture]));
    await panel.getByText('of bob.txt').waitFor();
    await panel
      .getByText('dot.png')
      .or(panel.getByRole('img', { name: 'dot.png' }))
      .first()
      .waitFor();
    expect(await barriersIn(page, '.panel')).toEqual([]);
    const download = page.waitForEvent('download');
    await panel.getByRole('link', { name: 'Download of ann.txt' }).click();
    expect((await download).suggestedFilename()).toBe('of ann.txt');

    expect(await panel.getByRole('button', { name: 'Delete of ann.txt' }).count()).toBe(0);
    await panel.getByRole('button', { name: 'Delete of bob.txt' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await panel.getByText('of bob.txt').waitFor({ state: 'detached' });
    await page.reload();
    await panel.getByText('of ann.txt').waitFor();
    expect(await panel.getByText('of bob.txt').count()).toBe(0);
    expect(complaints).toEqual([]);
  },
);
