import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** What is released. Whoever releases names the newest released commit here: the build after it must be able to run beside it. */
const previousCommit = 'f29ba41f14425f8afa98e92e5bbfb3d399ca1571';

/** The sources of an earlier commit, which run beside those of today with the dependencies of today. */
export interface PreviousBuild extends AsyncDisposable {
  /** What starts its hub. */
  readonly program: URL;
  /** A file of it, by its path in the repository. */
  readonly file: (path: string) => URL;
}

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const floors = ['apps', 'packages'];

export async function takePreviousBuild(): Promise<PreviousBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-previous-'));
  const end = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await extract(folder);
    await link(folder);
  } catch (error) {
    await end();
    throw error;
  }
  const file = (path: string): URL => pathToFileURL(join(folder, path));
  return { program: file('apps/chat-hub/src/main.ts'), file, [Symbol.asyncDispose]: end };
}

async function extract(folder: string): Promise<void> {
  const archive = join(folder, 'sources.tar');
  // Who runs the tests need not be who cloned the repository.
  const git = ['-c', `safe.directory=${repository.replace(/\/$/, '')}`, '-C', repository];
  await run('git', [...git, 'archive', '-o', archive, previousCommit, ...floors, 'tsconfig.base.json']).catch(
    (error: unknown) => {
      const way = 'a shallow clone has no history: git fetch --unshallow';
      throw new Error(`the commit ${previousCommit} cannot be read (${way})`, { cause: error });
    },
  );
  await run('tar', ['-xf', archive, '-C', folder]);
  await rm(archive);
}

/** Its own packages first: what they import of each other must be of the same commit. */
async function link(folder: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  const own = join(modules, '@parley');
  await mkdir(own, { recursive: true });
  for (const name of await readdir(join(repository, 'node_modules')))
    if (name !== '@parley' && !name.startsWith('.'))
      await symlink(join(repository, 'node_modules', name), join(modules, name));
  for (const floor of floors)
    for (const name of await readdir(join(folder, floor))) {
      const workspace = join(folder, floor, name);
      const manifest: { name: string } = JSON.parse(await readFile(join(workspace, 'package.json'), 'utf8'));
      await symlink(workspace, join(modules, manifest.name));
      const nested = join(repository, floor, name, 'node_modules');
      if (existsSync(nested)) await symlink(nested, join(workspace, 'node_modules'));
    }
}
