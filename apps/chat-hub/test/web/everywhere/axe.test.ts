import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDemoWorld, type DemoWorld } from '../../support/demo-world.ts';
import { openTestHub } from '../../support/hub.ts';
import { adminScreens } from './admin-screens.ts';
import { overflow, sizes, wrongInAnyLook } from './examine.ts';
import { doings, inPanels, overlays } from './overlays.ts';
import { firstScreens, places, type Screen } from './screens.ts';

const patience = { timeout: 300_000 };

let demo: DemoWorld;
beforeAll(async () => void (demo = await openDemoWorld()), 120_000);
afterAll(async () => demo[Symbol.asyncDispose]());

/** What is wrong with the screens, each by its name. */
async function examine(page: Page, which: readonly Screen[], url: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, hash, act, shown, waits } of which) {
    await page.goto(`${url}/${hash(demo.scenery)}`);
    await act?.(page);
    await shown(page);
    if (waits !== true) await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    wrong.push(...(await wrongInAnyLook(page)).map((line) => `${name}: ${line}`));
    if ((await overflow(page)) > 0) wrong.push(`${name}: it is wider than the window`);
    if (act === undefined) continue;
    await page.context().setOffline(false);
    await page.reload();
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

describe.each(sizes)('in $size, in every theme', ({ viewport }) => {
  test.each(all)(
    '%s: axe finds nothing, nothing sticks out, and no page breaks its policy',
    patience,
    async (_, screens) => {
      const { page, complaints } = await demo.enter('', { viewport, reducedMotion: 'reduce' });
      expect(await examine(page, screens, demo.url)).toEqual([]);
      // What is not there was asked for on purpose, and so was the lost connection; the browser tells of them, too.
      expect(complaints.filter((text) => !/40[34]|^WebSocket connection/u.test(text))).toEqual([]);
      await page.context().close();
    },
  );

  test('axe finds nothing at the entrance', patience, async () => {
    await using world = await openTestHub('embedded');
    const url = await world.hub.listen();
    for (const [at, label] of [
      [url, 'Set-up code'],
      [demo.url, 'Password'],
    ] as const) {
      const { page } = await demo.browsers.visit(at, { viewport });
      await page.getByLabel(label).waitFor();
      expect(await wrongInAnyLook(page)).toEqual([]);
      await page.context().close();
    }
  });

  test('axe finds nothing in the first minute of a workspace', patience, async () => {
    await using world = await openTestHub('embedded');
    const url = await world.hub.listen();
    const { page } = await demo.browsers.visit(`${url}/#setup=${world.hub.setup?.code ?? ''}`, { viewport });
    await page.getByLabel('Handle').fill('ann');
    await page.getByLabel('Password').fill('correct horse battery');
    await page.getByRole('button', { name: 'Set up and sign in' }).click();
    await page.getByRole('region', { name: 'First steps' }).waitFor();
    expect(await examine(page, firstScreens, url)).toEqual([]);
    await page.context().close();
  });
});
