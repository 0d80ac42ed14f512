import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { programs } from './programs.ts';
import { resolveProgram } from './resolve.ts';

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

/** A real browser without a window, which is found or installed. */
export async function startChromium(): Promise<Browser> {
  const found = await resolveProgram(programs.chromium);
  if (found.way === 'docker') throw new Error('Chromium has no container image');
  // It takes a while to load, and most who want a server want no browser.
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: join(found.folder, 'chromium'), args });
}
