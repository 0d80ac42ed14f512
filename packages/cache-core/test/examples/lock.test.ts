import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
// #region using
import { createLocks, memoryLockStore } from '@parley/cache-core/lock';

const locks = createLocks({ store: memoryLockStore() });

// One process at a time. The rest wait for up to 10 s, in the order of asking.
export function closeTheDay(day: string): Promise<string> {
  return locks.using(`close:${day}`, async (signal, fence) => {
    const lines = await readLines(day, signal); // stops when the lock is lost
    return writeReport(day, lines, fence); // refused when somebody had the lock since
  });
}
// #endregion using

const reports = new Map<string, { text: string; fence: number }>();

const readLines = async (day: string, signal: AbortSignal): Promise<string[]> => {
  signal.throwIfAborted();
  return [`a line of ${day}`];
};

async function writeReport(day: string, lines: string[], fence: number): Promise<string> {
  if (fence < (reports.get(day)?.fence ?? 0)) throw new Error('somebody else has the lock by now');
  reports.set(day, { text: lines.join(), fence });
  return lines.join();
}

it('works under a lock', async () => {
  expect(await Promise.all([closeTheDay('monday'), closeTheDay('monday')])).toHaveLength(2);
  expect(locks.stats()).toMatchObject({ acquired: 2, held: 0 });
});

// #region once
/** On every node at the same time; one of them does it. */
export async function cleanUpOnce(): Promise<boolean> {
  await using lock = await locks.tryAcquire('clean-up', { lease: '1m' });
  if (lock === undefined) return false;
  await cleanUp(lock.signal);
  lock.requireHeld(); // throws LockLost if it was not ours all the time
  return true;
}
// #endregion once

let cleanings = 0;

async function cleanUp(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  cleanings += 1;
}

it('is done by one', async () => {
  const done = await Promise.all([cleanUpOnce(), cleanUpOnce(), cleanUpOnce()]);
  expect(done.filter(Boolean)).toHaveLength(1);
  expect(cleanings).toBe(1);
});

// #region several
export async function transfer(from: string, to: string, amount: number): Promise<void> {
  // Taken in the order of their names, so that two transfers in opposite directions cannot wait for each other.
  await locks.using([`account:${from}`, `account:${to}`], async (signal, fences) => {
    await book(from, -amount, fences.get(`account:${from}`), signal);
    await book(to, amount, fences.get(`account:${to}`), signal);
  });
}
// #endregion several

const balances = new Map<string, number>();

async function book(account: string, amount: number, fence: number | undefined, signal: AbortSignal) {
  signal.throwIfAborted();
  expect(fence).toBeGreaterThan(0);
  const balance = balances.get(account) ?? 0;
  await Promise.resolve();
  balances.set(account, balance + amount);
}

it('takes several', async () => {
  await Promise.all([
    transfer('a', 'b', 1),
    transfer('b', 'a', 2),
    transfer('a', 'c', 4),
    transfer('c', 'b', 8),
  ]);
  expect(Object.fromEntries(balances)).toEqual({ a: -3, b: 7, c: -4 });
});

it('is what the README shows', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, tested] = /\/\/ #region using\n([^]*?)\/\/ #endregion using/.exec(read('lock.test.ts')) ?? [];
  expect(read('../../README.md')).toContain(`\`\`\`ts\n${tested}\`\`\``);
});
