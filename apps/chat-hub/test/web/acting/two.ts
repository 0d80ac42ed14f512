import type { BrowserContextOptions, Page } from 'playwright-core';
import type { Visitor } from '../../support/pages.ts';
import { pressOn } from '../../support/press-on.ts';
import type { Somebody, WebWorld } from '../../support/web-world.ts';

let count = 0;

export const row = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });
export const action = (page: Page, text: string, name: string | RegExp) =>
  row(page, text).getByRole('button', { name });
export const field = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });

export interface Two extends AsyncDisposable {
  readonly channelId: string;
  readonly ann: Visitor;
  readonly bob: Visitor;
  readonly say: (who: Somebody, content: string) => Promise<string>;
}

/** Ann, who owns the channel, and Bob before their pages of it. */
export async function two(web: WebWorld, bob: Somebody, options: BrowserContextOptions = {}): Promise<Two> {
  const channelId = await web.channel(`acting-${(count += 1)}`, [bob]);
  const ann = await web.enter(web.owner, `#/c/${channelId}`, options);
  const other = await web.enter(bob, `#/c/${channelId}`);
  for (const { page } of [ann, other]) await page.getByPlaceholder(/Message #acting/u).waitFor();
  return {
    channelId,
    ann,
    bob: other,
    async say(who, content) {
      const body = { clientId: `c-${(count += 1)}`, content };
      const { message } = await who.call('sendMessage', { params: { channelId }, body });
      for (const { page } of [ann, other]) await row(page, content).first().waitFor();
      return message.id;
    },
    async [Symbol.asyncDispose]() {
      for (const { page } of [ann, other]) await page.context().close();
    },
  };
}

export async function more(page: Page, text: string, name: string): Promise<void> {
  await pressOn(row(page, text), action(page, text, 'More actions'));
  await page.getByRole('menuitem', { name }).click();
}

export async function menuOf(page: Page, text: string): Promise<string[]> {
  await pressOn(row(page, text), action(page, text, 'More actions'));
  await page.getByRole('menuitem').first().waitFor();
  const names = await page.getByRole('menuitem').locator('span').allTextContents();
  await page.keyboard.press('Escape');
  await page.getByRole('menuitem').first().waitFor({ state: 'hidden' });
  return names;
}
