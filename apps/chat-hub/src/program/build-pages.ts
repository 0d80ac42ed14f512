import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Where the pages are, from here and from what is compiled. */
export const webFolder = fileURLToPath(new URL('../../web/', import.meta.url));

/** Whatever the pages in a folder are made of. */
const sourcesOf = (web: string): string[] => [
  ...['src', 'public', 'index.html', 'package.json', 'vite.config.ts'].map((name) => join(web, name)),
  ...['hub-client/src', 'hub-protocol/src', 'cache-core/src/kernel'].map((name) =>
    join(web, '../../../packages', name),
  ),
];
const stamp = '.made-of';

export interface BuildOptions {
  /** Told before and after, when there is something to build. */
  readonly say?: (line: string) => void;
  /** Of their sources. @default those of the hub */
  readonly folder?: string;
}

/**
 * Builds the pages, unless they are built of just these sources. What is there is replaced when all is done, so that a hub which starts meanwhile
 * finds the one or the other.
 */
export async function buildPages({
  say = () => {},
  folder: web = webFolder,
}: BuildOptions = {}): Promise<void> {
  const folder = join(web, 'dist');
  // Delivered without its sources: there is nothing to build it of.
  if (!existsSync(join(web, 'src'))) return;
  const digest = await digestOf(web);
  if ((await readFile(join(folder, stamp), 'utf8').catch(() => '')) === digest) return;
  const vite = viteOf(web);
  if (vite === undefined)
    return say('The pages are not built: Vite is not installed. `npm ci && npm run build` builds them.');
  say('The pages are built, once …');
  const began = performance.now();
  const fresh = join(web, `dist-${randomUUID()}`);
  const old = `${fresh}-old`;
  try {
    await runVite(vite, web, fresh);
    await writeFile(join(fresh, stamp), digest);
    await rename(folder, old).catch(() => undefined);
    // Another one that built the same at the same time was quicker.
    await rename(fresh, folder).catch(() => undefined);
  } finally {
    for (const left of [fresh, old]) await rm(left, { recursive: true, force: true });
  }
  say(`The pages are built (${((performance.now() - began) / 1000).toFixed(1)} s).`);
}

async function digestOf(web: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of sourcesOf(web)) {
    if (!existsSync(path)) continue;
    for (const file of await filesIn(path))
      hash.update(`${relative(web, file)}\n`).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function viteOf(web: string): string | undefined {
  try {
    const manifest = createRequire(join(web, 'package.json')).resolve('vite/package.json');
    return join(dirname(manifest), 'bin/vite.js');
  } catch {
    return undefined;
  }
}

async function runVite(vite: string, web: string, outDir: string): Promise<void> {
  const args = [vite, 'build', '--outDir', outDir, '--logLevel', 'error'];
  // In a process of its own: the hub keeps nothing of a bundler in its memory. What runs the tests is no part of what is built.
  const env = { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' };
  await promisify(execFile)(process.execPath, args, { cwd: web, env });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildPages({ say: (line) => void process.stdout.write(`${line}\n`) });
