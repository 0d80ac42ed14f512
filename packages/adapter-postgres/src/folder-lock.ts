import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ParleyError, systemClock } from '@parley/cache-core/kernel';
import type { Evidence } from '@parley/cache-core/kernel';
import { processStart, sameStart } from './process-start.ts';

/** Somebody else has the folder open, or this process itself. Nothing was touched. */
export class FolderInUse extends ParleyError {
  declare readonly code: 'FOLDER_IN_USE';
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'FolderInUse',
      configurable: true,
      writable: true,
    });
  }
  constructor(message: string, evidence: Evidence) {
    super(message, { code: 'FOLDER_IN_USE', evidence });
  }
}

export interface FolderLock {
  /** Without links, so that one folder has one name. */
  readonly folder: string;
  release(): Promise<void>;
}

export interface FolderLockOptions {
  /** Called when somebody took the lock away, because this process seemed dead from another machine. Nothing may be written any more. */
  readonly onLost: () => void;
  /** @default 5_000 */
  readonly beatMs?: number;
  /** How long a process of another machine must be silent to count as dead. @default 20_000 */
  readonly silenceMs?: number;
}

/** How long one of several that begin at the same moment waits for the others to step back. */
const patienceMs = 1_000;

interface Claim {
  readonly file: string;
  readonly host: string;
  readonly pid: number;
  readonly start: string;
}

/**
 * The right to use a folder, for one process at a time.
 *
 * Each process puts a file of its own into the folder, named by who it is, and looks for those of others afterwards: of two who begin
 * together at least one sees the other. The file of a dead process can be removed by anybody, since nobody living has one of that name.
 * A process of another machine, or of another container, cannot be looked at; it counts as dead when its file has not been touched for
 * a while.
 */
export async function lockFolder(
  path: string,
  { onLost, beatMs = 5_000, silenceMs = 20_000 }: FolderLockOptions,
): Promise<FolderLock> {
  await mkdir(path, { recursive: true });
  const folder = await realpath(path);
  const own = await createClaim(folder);
  const withdraw = (): Promise<void> => remove(join(folder, own.file));
  const began = systemClock.monotonic();
  try {
    for (;;) {
      const [other] = await livingOthers(folder, own, silenceMs);
      if (other === undefined) break;
      // The order of the names decides between those who begin together. Who has the folder already looks at nobody.
      const waits = own.file < other.file && systemClock.monotonic() - began < patienceMs;
      if (!waits) throw await inUse(folder, other);
      await systemClock.sleep(25);
    }
  } catch (error) {
    await withdraw();
    throw error;
  }
  const stopBeating = beat(join(folder, own.file), beatMs, onLost);
  return {
    folder,
    async release() {
      stopBeating();
      await withdraw();
    },
  };
}

const hostMark = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

async function createClaim(folder: string): Promise<Claim> {
  const { pid } = process;
  const start = (await processStart(pid)) ?? 'unknown';
  const claim: Claim = { file: `parley-${hostMark()}-${pid}-${start}.lock`, host: hostMark(), pid, start };
  const story = JSON.stringify({ pid, host: hostname(), since: new Date().toISOString() });
  try {
    await writeFile(join(folder, claim.file), story, { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'EEXIST') {
      throw new FolderInUse(
        `Folder ${folder} is already open in this process (${pid}): share what opened it`,
        {
          folder,
          pid,
        },
      );
    }
    throw error;
  }
  return claim;
}

async function livingOthers(folder: string, own: Claim, silenceMs: number): Promise<Claim[]> {
  const living: Claim[] = [];
  for (const file of (await readdir(folder)).sort()) {
    const [, host, pid, start] = /^parley-([0-9a-f]{8})-(\d+)-(\w+)\.lock$/.exec(file) ?? [];
    if (host === undefined || pid === undefined || start === undefined || file === own.file) continue;
    const claim = { file, host, pid: Number(pid), start };
    const alive = host === own.host ? await isLiving(claim) : await isBeating(join(folder, file), silenceMs);
    if (alive) living.push(claim);
    else await remove(join(folder, file));
  }
  return living;
}

async function isLiving({ pid, start }: Claim): Promise<boolean> {
  const present = await processStart(pid);
  return present !== undefined && sameStart(present, start);
}

/** Watches instead of comparing clocks, which differ between machines. */
async function isBeating(file: string, silenceMs: number): Promise<boolean> {
  const touched = async (): Promise<number | undefined> => (await stat(file).catch(() => undefined))?.mtimeMs;
  const first = await touched();
  const until = systemClock.monotonic() + silenceMs;
  for (;;) {
    // The last look comes after all of the time, which may pass in one go for a process that is held up itself.
    const last = systemClock.monotonic() >= until;
    const now = await touched();
    if (now === undefined) return false;
    if (now !== first) return true;
    if (last) return false;
    await systemClock.sleep(Math.min(250, silenceMs));
  }
}

function beat(file: string, beatMs: number, onLost: () => void): () => void {
  let stopped = false;
  const schedule = (): void => {
    if (!stopped) timer = systemClock.timer(beatMs, () => void touch(), { unref: true });
  };
  const touch = async (): Promise<void> => {
    const now = new Date();
    const error: unknown = await utimes(file, now, now).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (stopped) return;
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') onLost();
    else schedule();
  };
  let timer = systemClock.timer(beatMs, () => void touch(), { unref: true });
  return () => {
    stopped = true;
    timer.cancel();
  };
}

async function inUse(folder: string, { file, pid }: Claim): Promise<FolderInUse> {
  const story = await readFile(join(folder, file), 'utf8').catch(() => '');
  const [, host] = /"host":"([^"]*)"/.exec(story) ?? [];
  const where = host === undefined || host === hostname() ? '' : ` on ${host}`;
  return new FolderInUse(
    `Folder ${folder} is in use by process ${pid}${where}, and two processes would destroy it: end that process, ` +
      `give this one a folder of its own, or use a Postgres server`,
    { folder, pid, host },
  );
}

async function remove(file: string): Promise<void> {
  await unlink(file).catch((error: unknown) => {
    if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ENOENT') throw error;
  });
}
