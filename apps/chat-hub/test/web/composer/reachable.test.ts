import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { barriersIn } from '../../support/axe.ts';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';
import { pressOn } from '../../support/press-on.ts';

let web: WebWorld;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'));
  web = await openWebWorld({ env: { HUB_FILES: folder } });
}, 120_000);
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
afterEach(async () => web.browsers.leave());

it.each(['light', 'dark'] as const)(
  'everything one writes with can be reached and read by all, %s',
  { timeout: 120_000 },
  async (colorScheme) => {
    const channelId = await web.channel(`reach-${colorScheme}`);
    const { page, complaints } = await web.enter(web.owner, `#/c/${channelId}`, { colorScheme });
    const field = page.getByRole('textbox', { name: 'Message', exact: true });
    await field.waitFor();
    const background = '#3d6fd1';
    const buffer = await sharp({ create: { width: 600, height: 400, channels: 3, background } })
      .png()
      .toBuffer();
    await page.getByRole('button', { name: 'Formatting' }).click();
    await page.locator('input[type=file]').setInputFiles([
      { name: 'one.png', mimeType: 'image/png', buffer },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('words') },
      { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    ]);
    await page.locator('.upload[data-state=ready]').nth(1).waitFor();
    await field.pressSequentially('@o');
    await page.getByRole('option').first().waitFor();
    expect(await barriersIn(page, '.composer')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Remove empty.txt' }).click();
    await field.press('Enter');
    const row = page.getByRole('article').last();
    const thumb = row.getByRole('button', { name: 'React with 👍' });
    // Until it is in the log the row may still move, and there is nothing to be done with it.
    await row.and(page.locator(':not([data-state])')).waitFor();
    await pressOn(row, thumb);
    await row.getByRole('group', { name: 'Reactions' }).waitFor();
    await row.hover();
    expect(await barriersIn(page, '.message')).toEqual([]);
    await pressOn(row, row.getByRole('button', { name: 'React with an emoji' }));
    await page.getByRole('option').first().waitFor();
    expect(await barriersIn(page, '.popover')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Open the picture one.png' }).click();
    await page.getByRole('dialog').locator('img[aria-busy=false]').waitFor();
    expect(await barriersIn(page, '.lightbox')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await field.press('ArrowUp');
    await page.getByRole('textbox', { name: 'Change the message' }).fill('');
    await page.getByText('A message cannot be empty').waitFor();
    expect(await barriersIn(page, '.edit-form')).toEqual([]);
    await web.owner.call('archiveChannel', { params: { channelId } });
    await page.getByText('This channel is archived').waitFor();
    expect(await barriersIn(page, '.composer')).toEqual([]);
    expect(complaints).toEqual([]);
  },
);
