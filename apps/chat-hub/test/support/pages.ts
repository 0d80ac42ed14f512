import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { takeBrowser } from './browser.ts';

/** Somebody before a page of a hub. */
export interface Visitor {
  readonly page: Page;
  /** What the page complained of: errors, and what its policy refused. */
  readonly complaints: string[];
}

export interface Browsers extends AsyncDisposable {
  readonly browser: Browser;
  /** A page as somebody sees it who comes for the first time. */
  readonly visit: (url: string, options?: BrowserContextOptions) => Promise<Visitor>;
  /** A page of who has a token; it is signed in by a session, as people are. */
  readonly enter: (url: string, by: Entry, options?: BrowserContextOptions) => Promise<Visitor>;
  /** Everybody goes: who stays keeps hearing, asking and drawing beside those who come next. */
  readonly leave: () => Promise<void>;
}

/** For one step on a machine that does much else. */
const patienceMs = 30_000;

interface Entry {
  readonly handle: string;
  readonly password: string;
  /** Where in the workspace, such as `#/c/ID`. @default the start */
  readonly hash?: string | undefined;
}

/** A real browser. */
export async function openBrowsers(): Promise<Browsers> {
  const { browser, giveBack } = await takeBrowser();
  const here = new Set<BrowserContext>();
  const leave = async (): Promise<void> => {
    for (const context of here) await context.close();
  };
  const open = async (options: BrowserContextOptions = {}): Promise<Visitor> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    here.add(context);
    context.on('close', () => here.delete(context));
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    return { page, complaints };
  };
  return {
    browser,
    async visit(url, options) {
      const visitor = await open(options);
      await visitor.page.goto(url);
      return visitor;
    },
    async enter(url, { handle, password, hash = '' }, options) {
      const visitor = await open(options);
      const answer = await visitor.page
        .context()
        .request.post(`${url}/api/v1/session`, { data: { handle, password }, headers: { origin: url } });
      if (!answer.ok()) throw new Error(`${handle} could not sign in: ${await answer.text()}`);
      await visitor.page.goto(`${url}/${hash}`);
      return visitor;
    },
    leave,
    async [Symbol.asyncDispose]() {
      await leave();
      await giveBack();
    },
  };
}
