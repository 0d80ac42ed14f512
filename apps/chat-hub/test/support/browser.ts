import { join } from 'node:path';
import { programs, resolveProgram } from '@parley/services';
import { chromium, type Browser } from 'playwright-core';

/** Without what speaks to the world by itself. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

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
    if (before?.isConnected() !== true) running = launch();
    const browser = await (running ?? launch());
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

async function launch(): Promise<Browser> {
  const found = await resolveProgram(programs.chromium);
  if (found.way === 'docker') throw new Error('Chromium has no container image');
  return chromium.launch({ executablePath: join(found.folder, 'chromium'), args });
}
