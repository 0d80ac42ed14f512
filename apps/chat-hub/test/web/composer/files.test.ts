import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settled } from '../timeline/saying.ts';
import { openWebWorld, type Somebody, type WebWorld } from '../../support/web-world.ts';

let web: WebWorld;
let bob: Somebody;
let folder: string;
let picture: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'));
  web = await openWebWorld({ env: { HUB_FILES: folder, HUB_FILE_QUOTA_USER: '12 MB' } });
  bob = await web.person('bob');
  const background = '#3d6fd1';
  picture = await sharp({ create: { width: 1_600, height: 900, channels: 3, background } })
    .png()
    .toBuffer();
}, 120_000);
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => web.browsers.leave());

interface Given {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const png = (name: string): Given => ({ name, mimeType: 'image/png', buffer: picture });
const bytes = (name: string, size: number): Given => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: randomBytes(size),
});
const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
const under = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Files of this message' }).getByRole('listitem').filter({ hasText: name });
const choose = (page: Page, ...files: Given[]) => page.locator('input[type=file]').setInputFiles(files);
const ready = async (page: Page, name: string): Promise<void> =>
  under(page, name).and(page.locator('[data-state=ready]')).waitFor({ timeout: 60_000 });

/** Files that come out of another program: from its clipboard, or by hand. */
async function bring(page: Page, way: 'paste' | 'drop', { name, mimeType, buffer }: Given): Promise<void> {
  const given = { way, name, mimeType, base64: buffer.toString('base64') };
  await page.evaluate(`(() => {
    const { way, name, mimeType, base64 } = ${JSON.stringify(given)};
    const data = new DataTransfer();
    const content = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    data.items.add(new File([content], name, { type: mimeType }));
    const about = { bubbles: true, cancelable: true, clipboardData: data, dataTransfer: data };
    if (way === 'paste') document.querySelector('.composer textarea').dispatchEvent(new ClipboardEvent('paste', about));
    else
      for (const type of ['dragenter', 'dragover', 'drop'])
        document.querySelector('#main').dispatchEvent(new DragEvent(type, about));
  })()`);
}

/** As wide as its file says, once it is there. */
const drawnWidth = (image: Locator): Promise<number> =>
  image.evaluate((img) =>
    'naturalWidth' in img && typeof img.naturalWidth === 'number' ? img.naturalWidth : 0,
  );

describe('files', { timeout: 120_000 }, () => {
  it('are chosen, pasted and dropped, seen before they are sent, and then by everybody', async () => {
    const channelId = await web.channel('harbour', [bob]);
    const ann = await web.enter(web.owner, `#/c/${channelId}`);
    const other = await web.enter(bob, `#/c/${channelId}`);
    await field(other.page).waitFor();
    const { page } = ann;
    const report = bytes('report <b>.bin', 70_000);
    await field(page).waitFor();
    await choose(page, report);
    await bring(page, 'paste', png('from the clipboard.png'));
    await bring(page, 'drop', png('from a folder.png'));
    for (const name of ['report', 'clipboard', 'folder']) await ready(page, name);
    const shown = under(page, 'clipboard').locator('img');
    await expect.poll(() => drawnWidth(shown)).toBe(1_600);
    await field(page).fill('Look');
    await field(page).press('Enter');
    const row = other.page.getByRole('article').filter({ hasText: 'Look' });
    await row
      .getByRole('button', { name: /^Open the picture/u })
      .nth(1)
      .waitFor();
    await under(page, 'report').waitFor({ state: 'detached' });
    const [download] = await Promise.all([
      other.page.waitForEvent('download'),
      row.getByRole('link', { name: /^Download report <b>.bin/u }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^report .b.\.bin$/u);
    const saved = await readFile(await download.path());
    const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
    expect(digestOf(saved)).toBe(digestOf(report.buffer));
    expect([...ann.complaints, ...other.complaints]).toEqual([]);
  });

  it('that are pictures move nothing when they come, and are looked at alone by the keyboard', async () => {
    const channelId = await web.channel('pictures', [bob]);
    const ann = await web.enter(web.owner, `#/c/${channelId}`);
    const { page, complaints } = await web.enter(bob, `#/c/${channelId}`);
    await field(page).waitFor();
    let come = (): void => {};
    const awaited = new Promise<void>((resolve) => (come = resolve));
    await page.route('**/preview', async (route) => {
      await awaited;
      await route.continue();
    });
    await choose(ann.page, png('one.png'), png('two.png'));
    for (const name of ['one', 'two']) await ready(ann.page, name);
    await field(ann.page).press('Enter');
    const first = page.getByRole('button', { name: 'Open the picture one.png' });
    await first.waitFor();
    await settled(page);
    const before = await first.boundingBox();
    come();
    const image = first.locator('img');
    await expect.poll(() => drawnWidth(image)).toBeGreaterThan(0);
    expect(await first.boundingBox()).toEqual(before);
    await first.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('heading', { name: 'one.png' }).waitFor();
    await dialog.locator('img[aria-busy=false]').waitFor();
    await expect.poll(() => dialog.evaluate((one) => one.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('ArrowRight');
    await dialog.getByRole('heading', { name: 'two.png' }).waitFor();
    await page.keyboard.press('ArrowLeft');
    await dialog.getByRole('heading', { name: 'one.png' }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => first.evaluate((button) => button.matches(':focus'))).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('go on where they were after the line was cut, and after they were paused', async () => {
    const channelId = await web.channel('slow-line');
    const { page } = await web.enter(web.owner, `#/c/${channelId}`);
    await field(page).waitFor();
    const sent: number[] = [];
    let open = 1;
    await page.route('**/parts/*', async (route) => {
      if (open === 0) {
        await route.abort('connectionreset');
        return;
      }
      open -= 1;
      sent.push(Number(new URL(route.request().url()).pathname.split('/').at(-1)));
      await route.continue();
    });
    await choose(page, bytes('large.bin', 3_500_000));
    await under(page, 'large.bin').getByText('1 MB of 3.5 MB').waitFor();
    // What is written may wait for its file.
    await field(page).fill('Here it comes');
    await field(page).press('Enter');
    await page.getByText('A file is still on its way').waitFor();
    open = 1;
    await under(page, 'large.bin').getByText('2.1 MB of 3.5 MB').waitFor();
    await page.getByRole('button', { name: 'Pause large.bin' }).click();
    await under(page, 'large.bin').getByText('Paused').waitFor();
    open = 9;
    await page.getByRole('button', { name: 'Go on with large.bin' }).click();
    await ready(page, 'large.bin');
    expect(sent).toEqual([0, 1_048_576, 2_097_152, 3_145_728]);
    expect(await field(page).inputValue()).toBe('Here it comes');
    await field(page).press('Enter');
    await page.getByRole('link', { name: /^Download large\.bin BIN · 3\.5 MB/u }).waitFor();
  });

  it('that cannot be had are told why, and what is taken out is given back to the hub', async () => {
    const channelId = await web.channel('no-room', [bob]);
    const { page } = await web.enter(bob, `#/c/${channelId}`);
    await field(page).waitFor();
    await choose(page, bytes('nothing.txt', 0), bytes('fits.bin', 8_000_000));
    await under(page, 'nothing.txt').getByText('It is empty, or a folder.').waitFor();
    await ready(page, 'fits.bin');
    // Of two at once, either could have had the room.
    await choose(page, bytes('too much.bin', 8_000_000));
    const refused = under(page, 'too much.bin');
    await refused.and(page.locator('[data-state=failed]')).waitFor();
    expect(await refused.locator('p').textContent()).toMatch(/room|may|limit/iu);
    await field(page).fill('With files');
    await field(page).press('Enter');
    await page.getByText('Not every file could be uploaded').waitFor();
    await page.getByRole('button', { name: 'Remove fits.bin' }).click();
    await expect
      .poll(
        async () =>
          (await web.world.ask('GET', '/me/files', { token: bob.token })).json<{ items: unknown[] }>().items,
      )
      .toEqual([]);
    // There is room now.
    await page.getByRole('button', { name: 'Try too much.bin again' }).click();
    await ready(page, 'too much.bin');
    await page.getByRole('button', { name: 'Remove nothing.txt' }).click();
    await field(page).press('Enter');
    await page.getByRole('link', { name: /^Download too much.bin/u }).waitFor();
  });

  it('are at most ten for a message, and go on while one looks at another channel', async () => {
    const [here, there] = [await web.channel('here'), await web.channel('there')];
    const { page } = await web.enter(web.owner, `#/c/${here}`);
    await field(page).waitFor();
    await choose(page, ...Array.from({ length: 11 }, (_, at) => bytes(`part-${at}.bin`, 100)));
    await page.getByText('A message has at most 10 files.').waitFor();
    await page.getByRole('link', { name: 'there' }).click();
    await page.getByPlaceholder('Message #there').waitFor();
    expect(await under(page, 'part').count()).toBe(0);
    await page.goto(`${web.url}/#/c/${here}`);
    await page.getByPlaceholder('Message #here').waitFor();
    for (let at = 0; at < 10; at += 1) await ready(page, `part-${at}.bin`);
    await field(page).press('Enter');
    await page.getByRole('link', { name: /^Download part-9/u }).waitFor();
    // The page shows it before the hub has it.
    const said = () => web.owner.call('listMessages', { params: { channelId: here }, query: {} });
    await expect.poll(async () => (await said()).items.at(-1)?.files?.length).toBe(10);
    expect(there).not.toBe(here);
  });
});
