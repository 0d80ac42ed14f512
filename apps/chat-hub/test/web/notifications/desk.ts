import { until } from '@parley/services';
import type { BrowserContext, Page } from 'playwright-core';
import type { Visitor } from '../../support/pages.ts';
import type { Somebody, WebWorld } from '../../support/web-world.ts';

/** A notification as the system would have shown it. */
export interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly closed: boolean;
}

/** Takes the place of the system in a page: keeps what it is told, and asks nobody. `away` is somebody who looks elsewhere. */
const standIn = (permission: string): string => `
  window.shown = [];
  window.away = false;
  document.hasFocus = () => !window.away;
  window.Notification = class extends EventTarget {
    static permission = '${permission}';
    static async requestPermission() {
      return (this.permission = 'granted');
    }
    closed = false;
    constructor(title, { body, tag }) {
      super();
      Object.assign(this, { title, body, tag });
      window.shown.push(this);
    }
    close() {
      this.closed = true;
    }
  };
`;

/** Somebody whose system would tell. */
export async function enterToldOf(
  web: WebWorld,
  who: Somebody,
  hash: string,
  permission: 'granted' | 'default' = 'granted',
): Promise<Visitor> {
  const visitor = await web.enter(who, hash);
  await visitor.page.context().addInitScript(standIn(permission));
  await visitor.page.reload();
  // Where the system may not tell, there is nothing to lead.
  if (permission === 'granted') await untilLeading(visitor.page);
  else await visitor.page.getByRole('button', { name: /^Notifications:/u }).waitFor();
  return visitor;
}

/** Another tab of the same browser. */
export async function anotherTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await untilLeading(page);
  return page;
}

/** The page knows its channels, and some tab of the browser has taken it upon itself to tell. */
async function untilLeading(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Notifications:/u }).waitFor();
  await untilLocked(page, 'parley.tells.');
}

/** Some tab of the browser holds a lock whose name begins so. */
export async function untilLocked(page: Page, name: string): Promise<void> {
  await untilTrue(
    page,
    `navigator.locks.query().then(({ held }) => held.some(({ name }) => name.startsWith('${name}')))`,
  );
}

/** Asked from here: the page evaluates no text by itself, as its policy says. */
export const untilTrue = (page: Page, expression: string): Promise<unknown> =>
  until(async () => (await page.evaluate(expression)) === true, {
    what: expression,
    deadline: 60_000,
    every: 100,
  });

/** Which page of the browser tells; undefined: none. */
export const tellerOf = (page: Page): Promise<string | undefined> =>
  page.evaluate<string | undefined>(
    `navigator.locks.query().then(
      ({ held }) => held.find(({ name }) => name.startsWith('parley.tells.'))?.clientId,
    )`,
  );

/** Everything that was told by this tab, in order. */
export const shownBy = (page: Page): Promise<readonly Shown[]> =>
  page.evaluate<readonly Shown[]>(
    'window.shown.map(({ title, body, tag, closed }) => ({ title, body, tag, closed }))',
  );

/** Waits until this tab has told so many. */
export async function untilShown(page: Page, count: number): Promise<readonly Shown[]> {
  await untilTrue(page, `window.shown.length >= ${count}`);
  return shownBy(page);
}

export const click = (page: Page, nth: number): Promise<unknown> =>
  page.evaluate(`window.shown[${nth}].dispatchEvent(new Event('click'))`);

export const lookAway = (page: Page): Promise<unknown> =>
  page.evaluate(`window.away = true; dispatchEvent(new Event('blur'))`);
