import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWebWorld, type WebWorld } from '../../support/web-world.ts';
import { pressOn } from '../../support/press-on.ts';

let web: WebWorld;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'));
  web = await openWebWorld('embedded', { env: { HUB_FILES: folder } });
}, 120_000);
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds amiss in a part of the page, in words. */
async function faultsIn(page: Page, part: string): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(
    `axe.run(${JSON.stringify(part)}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + failureSummary)))`,
  );
}

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
    expect(await faultsIn(page, '.composer')).toEqual([]);
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
    expect(await faultsIn(page, '.message')).toEqual([]);
    await pressOn(row, row.getByRole('button', { name: 'React with an emoji' }));
    await page.getByRole('option').first().waitFor();
    expect(await faultsIn(page, '.popover')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Open the picture one.png' }).click();
    await page.getByRole('dialog').locator('img[aria-busy=false]').waitFor();
    expect(await faultsIn(page, '.lightbox')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await field.focus();
    await page.keyboard.press('ArrowUp');
    await page.getByRole('textbox', { name: 'Change the message' }).fill('');
    await page.getByText('A message cannot be empty').waitFor();
    expect(await faultsIn(page, '.edit-form')).toEqual([]);
    await web.owner.call('archiveChannel', { params: { channelId } });
    await page.getByText('This channel is archived').waitFor();
    expect(await faultsIn(page, '.composer')).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);
