import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { repository } from '../lib/run.ts';
import { withScratch } from '../lib/scratch.ts';

// Fixtures are for real programs, and those take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** Paths with their content; anything but a string is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  }
}

/** A small workspace in a temporary folder for the time of `work`. */
export function withFixture<T>(files: Files, work: (root: string) => Promise<T>): Promise<T> {
  return withScratch('fixture', async (root) => {
    await writeFiles(root, files);
    return work(root);
  });
}

/**
 * The same with everything that is installed here. Tools that walk folders take this link for sources: name the
 * folders that they shall look at.
 */
export function withInstalled<T>(files: Files, work: (root: string) => Promise<T>): Promise<T> {
  return withFixture(files, async (root) => {
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
    return work(root);
  });
}
