import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atExit } from './lifetime.ts';

const removal = { recursive: true, force: true, maxRetries: 5 };

/** Lends a new empty folder for the time of `work`; it is gone afterwards, also after a failure or Ctrl+C. */
export async function withScratch<T>(purpose: string, work: (folder: string) => Promise<T>): Promise<T> {
  // Tools compare paths after resolving links, and a temporary folder is a link on some systems.
  const folder = await realpath(await mkdtemp(join(tmpdir(), `parley-${purpose}-`)));
  const callOff = atExit(() => rmSync(folder, removal));
  try {
    return await work(folder);
  } finally {
    await rm(folder, removal);
    callOff();
  }
}
