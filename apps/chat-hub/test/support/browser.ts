import { startChromium } from '@parley/services';
import type { Browser } from 'playwright-core';

/** The next file of the process comes sooner than this. */
const lingerMs = 10_000;

let running: Promise<Browser> | undefined;
let takers = 0;
let leaving: NodeJS.Timeout | undefined;

interface TakenBrowser {
  readonly browser: Browser;
  readonly giveBack: () => Promise<void>;
}

/**
 * The browser of this process, which is found or installed. Files that run one after the other in the same process take the same one, since
 * its start costs more than many a test; whoever is before it has a profile of their own. Files that run at once are in other processes: they
 * would take the clipboard from each other.
 */
export async function takeBrowser(): Promise<TakenBrowser> {
  clearTimeout(leaving);
  takers += 1;
  try {
    const before = await running?.catch(() => undefined);
    if (before?.isConnected() !== true) running = startChromium();
    const browser = await (running ?? startChromium());
    return { browser, giveBack: () => giveBack(browser) };
  } catch (error) {
    takers -= 1;
    throw error;
  }
}

async function giveBack(browser: Browser): Promise<void> {
  takers -= 1;
  if (takers > 0) return;
  leaving = setTimeout(() => {
    running = undefined;
    void browser.close();
  }, lingerMs);
}
