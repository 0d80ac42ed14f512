import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closureOf } from './consumer-closure.ts';
import { importEverything, nodes } from './consumer-runtime.ts';
import { compileConsumers } from './consumer-types.ts';
import { entriesOf } from './entries.ts';
import { kernel } from './floors.ts';
import { contentProblems } from './pack-contents.ts';
import type { Packed } from './pack.ts';
import { run } from './run.ts';
import { withScratch } from './scratch.ts';
import { together } from './together.ts';
import type { Workspace } from './workspaces.ts';

export interface Shelf {
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly tarballs: ReadonlyMap<string, Packed>;
}

const browserPackages = ['@parley/hub-protocol', '@parley/hub-client'];

/** Installs one package alone in an empty folder and uses all of it. Throws what a user would see. */
export async function consume(name: string, shelf: Shelf): Promise<void> {
  const { workspace, packed } = fromShelf(name, shelf);
  const problems = contentProblems(workspace, packed);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  await withScratch('consumer', async (folder) => {
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const alone = closureOf(name, shelf.workspaces, false);
    await install(folder, alone, shelf);
    const entries = entriesOf(workspace);
    const [names] = await together(nodes.map((node) => importEverything(folder, entries, node)));
    const withPeers = closureOf(name, shelf.workspaces, true);
    // A door may speak of an optional peer in its types: whoever goes through it has that peer.
    if (withPeers.length > alone.length) await install(folder, withPeers, shelf);
    await compileConsumers(folder, {
      names: names ?? new Map(),
      browserSafe: (specifier) =>
        specifier === kernel || browserPackages.some((safe) => specifier.startsWith(safe)),
    });
  });
}

function fromShelf(name: string, { workspaces, tarballs }: Shelf) {
  const workspace = workspaces.get(name);
  const packed = tarballs.get(name);
  if (!workspace || !packed) throw new Error(`${name} is no package that we publish`);
  return { workspace, packed };
}

async function install(folder: string, names: readonly string[], shelf: Shelf): Promise<void> {
  const tarballs = names.map((name) => fromShelf(name, shelf).packed.tarball);
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'];
  const { code, output } = await run('npm', ['install', ...flags, ...tarballs], { cwd: folder });
  if (code !== 0) throw new Error(`installing it fails:\n${output.trim()}`);
}
