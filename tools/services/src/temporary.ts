import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isAlive, killTree, processInfo } from './processes.ts';

const DAY_MS = 86_400_000;
/** Lists the servers of a keeper, so that they can be ended after it: one `pid startTime` a line. */
export const CHILDREN = 'children';

/**
 * Where pids have the same meaning: one boot of one machine (or container). A folder that came from elsewhere, over a shared disk, cannot be
 * judged by asking whether its pid is alive.
 */
async function world(): Promise<string> {
  const parts = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return createHash('sha256').update(parts.join()).digest('hex').slice(0, 8);
}

/** The parent of all temporary folders of this user. */
export async function temporaryRoot(parent = tmpdir()): Promise<string> {
  const { uid } = userInfo();
  const root = join(parent, `parley-services-${uid}`);
  await mkdir(root, { recursive: true });
  const info = await lstat(root);
  if (!info.isDirectory() || (uid >= 0 && info.uid !== uid))
    throw new Error(`${root} belongs to someone else: remove it, or point TMPDIR to another folder`);
  // Servers that refuse to run as root run as another user, who must be able to pass.
  await chmod(root, 0o711);
  return root;
}

/** A folder named by its owner process, which is how `removeStale` later knows whether the owner lives. */
export async function ownFolder(root: string): Promise<string> {
  const own = processInfo(process.pid);
  if (own === undefined) throw new Error('this process does not find itself in the process table');
  const folder = join(root, [own.pid, own.startTime, await world()].join('_'));
  await mkdir(folder, { mode: 0o711 });
  return folder;
}

/** Ends the servers that outlived their keeper, then removes its folder. */
export async function removeFolderOfDead(folder: string): Promise<void> {
  const children = await readFile(join(folder, CHILDREN), 'utf8').catch(() => '');
  for (const line of children.split('\n')) {
    const [pid, startTime] = line.split(' ');
    if (pid && startTime && isAlive({ pid: Number(pid), startTime })) await killTree(Number(pid));
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

/** Removes what keepers left that could not tidy up themselves. Several may do so at once. */
export async function removeStale(root: string): Promise<void> {
  const here = await world();
  for (const name of await readdir(root)) {
    const [pid, startTime, madeIn] = name.split('_');
    if (!pid || !startTime || !madeIn) continue;
    const folder = join(root, name);
    if (madeIn === here) {
      if (!isAlive({ pid: Number(pid), startTime })) await removeFolderOfDead(folder);
      continue;
    }
    const info = await stat(folder).catch(() => undefined);
    // Its pids mean nothing here, so nothing is killed.
    if (info !== undefined && Date.now() - info.mtimeMs > DAY_MS)
      await rm(folder, { recursive: true, force: true });
  }
}
