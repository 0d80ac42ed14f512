import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openDemoWorld, type DemoWorld } from '../../support/demo-world.ts';
import { openTestHub } from '../../support/hub.ts';
import { adminScreens } from './admin-screens.ts';
import { above, everyLook, overflow, sizes, wrongInAnyLook, type Look } from './examine.ts';
import { doings, inPanels, overlays } from './overlays.ts';
import { firstScreens, places, type Screen } from './screens.ts';

const patience = { timeout: 300_000 };
/** A place with nothing to wait for. */
const elsewhere = '#/admin/announce';

let demo: DemoWorld;
beforeAll(async () => void (demo = await openDemoWorld('postgres')), 120_000);
afterAll(async () => demo[Symbol.asyncDispose]());
afterEach(async () => demo.browsers.leave());

/** Closes what stands over the page, and goes where nothing of it is left. */
async function putBack(page: Page, url: string): Promise<void> {
  await page.context().setOffline(false);
  const over = page.locator(above).first();
  // A dialog may have a menu of its own over it.
  for (let left = 4; left > 0 && (await over.isVisible()); left -= 1) {
    await page.keyboard.press('Escape');
    await over.waitFor({ state: 'hidden', timeout: 2_000 }).catch(() => undefined);
  }
  await page.goto(`${url}/${elsewhere}`);
  if (await over.isVisible()) await page.reload();
}

async function show(page: Page, { hash, act, shown }: Screen, url: string): Promise<void> {
  await page.goto(`${url}/${hash(demo.scenery)}`);
  await act?.(page);
  await shown(page);
}

/** What is wrong with the screens, each by its name. */
async function examine(
  page: Page,
  which: readonly Screen[],
  { url, whole }: { readonly url: string; readonly whole: readonly Look[] },
): Promise<string[]> {
  const wrong: string[] = [];
  for (const screen of which) {
    const { name, act, waits, part } = screen;
    await show(page, screen, url).catch((cause: unknown) => {
      throw new Error(`${name} did not come: ${String(cause)}`, { cause });
    });
    if (waits !== true) await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    wrong.push(...(await wrongInAnyLook(page, whole, part)).map((line) => `${name}: ${line}`));
    if ((await overflow(page)) > 0) wrong.push(`${name}: it is wider than the window`);
    if (act !== undefined) await putBack(page, url);
  }
  return wrong;
}

const all = [
  ['places', places],
  ['what stands over them', overlays],
  ['what is done in a channel', doings],
  ['what is done in panels', inPanels],
  ['the administration', adminScreens],
] as const;

describe.each(sizes)('in $size, in every theme', ({ viewport, whole }) => {
  test.each(all)(
    '%s: axe finds nothing, nothing sticks out, and no page breaks its policy',
    patience,
    async (_, screens) => {
      const { page, complaints } = await demo.enter('', { viewport, reducedMotion: 'reduce' });
      expect(await examine(page, screens, { url: demo.url, whole })).toEqual([]);
      // What is not there was asked for on purpose, and so was the lost connection; the browser tells of them, too.
      expect(complaints.filter((text) => !/40[34]|^WebSocket connection/u.test(text))).toEqual([]);
    },
  );

  test('axe finds nothing at the entrance', patience, async () => {
    await using world = await openTestHub('postgres');
    const url = await world.hub.listen();
    for (const [at, label] of [
      [url, 'Set-up code'],
      [demo.url, 'Password'],
    ] as const) {
      const { page } = await demo.browsers.visit(at, { viewport });
      await page.getByLabel(label).waitFor();
      expect(await wrongInAnyLook(page, everyLook)).toEqual([]);
    }
  });

  test('axe finds nothing in the first minute of a workspace', patience, async () => {
    await using world = await openTestHub('postgres');
    const url = await world.hub.listen();
    const { page } = await demo.browsers.visit(`${url}/#setup=${world.hub.setup?.code ?? ''}`, { viewport });
    await page.getByLabel('Handle').fill('ann');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await page.getByRole('region', { name: 'First steps' }).waitFor();
    expect(await examine(page, firstScreens, { url, whole: everyLook })).toEqual([]);
  });
});
