import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDemoWorld, type DemoWorld } from '../../support/demo-world.ts';
import { openTestHub } from '../../support/hub.ts';
import { looks, overflow, wrongWith } from './examine.ts';
import { firstScreens, screens, type Screen } from './screens.ts';

const patience = { timeout: 180_000 };

let demo: DemoWorld;
beforeAll(async () => void (demo = await openDemoWorld()), 120_000);
afterAll(async () => demo[Symbol.asyncDispose]());

/** What is wrong with the screens, each by its name. */
async function examine(page: Page, which: readonly Screen[], url: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const { name, hash, act, shown } of which) {
    await page.goto(`${url}/${hash(demo.scenery)}`);
    await act?.(page);
    await shown(page);
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    wrong.push(...(await wrongWith(page)).map((line) => `${name}: ${line}`));
    if ((await overflow(page)) > 0) wrong.push(`${name}: it is wider than the window`);
    if (act !== undefined) await page.reload();
  }
  return wrong;
}

describe.each(looks)('$name', ({ look }) => {
  test('axe finds nothing, nothing sticks out, and no page breaks its policy', patience, async () => {
    const { page, complaints } = await demo.enter('', { ...look, reducedMotion: 'reduce' });
    expect(await examine(page, screens, demo.url)).toEqual([]);
    // What is not there was asked for on purpose; the browser tells of the refusal, too.
    expect(complaints.filter((text) => !/40[34]/u.test(text))).toEqual([]);
    await page.context().close();
  });
});

test('axe finds nothing at the entrance, and in the first minute of a workspace', patience, async () => {
  await using world = await openTestHub('embedded');
  const url = await world.hub.listen();
  for (const { look } of looks) {
    const { page } = await demo.browsers.visit(url, { ...look, reducedMotion: 'reduce' });
    await page.getByLabel('Set-up code').waitFor();
    expect(await wrongWith(page)).toEqual([]);
    await page.context().close();
    const other = await demo.browsers.visit(demo.url, { ...look, reducedMotion: 'reduce' });
    await other.page.getByLabel('Password').waitFor();
    expect(await wrongWith(other.page)).toEqual([]);
    await other.page.context().close();
  }
  const { page } = await demo.browsers.visit(`${url}/#setup=${world.hub.setup?.code ?? ''}`);
  await page.getByLabel('Handle').fill('ann');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Set up and sign in' }).click();
  await page.getByRole('region', { name: 'First steps' }).waitFor();
  for (const { look } of looks) {
    const { viewport, ...media } = look;
    await page.setViewportSize(viewport);
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
    await page.reload();
    expect(await examine(page, firstScreens, url)).toEqual([]);
  }
});
