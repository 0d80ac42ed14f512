import { virtualClock } from '@parley/cache-core/kernel';
import { expect, it } from 'vitest';
import { Closers } from '../src/closers.ts';

it('what was opened last is closed first, and each before the next, once', async () => {
  const closers = new Closers(virtualClock());
  const said: string[] = [];
  for (const what of ['connection', 'store', 'cache']) {
    closers.add(what, async () => {
      said.push(`${what} closes`);
      await Promise.resolve();
      said.push(`${what} closed`);
    });
  }
  await Promise.all([closers.close(1_000), closers.close(1_000)]);
  expect(said).toEqual(
    ['cache', 'store', 'connection'].flatMap((what) => [`${what} closes`, `${what} closed`]),
  );
});

it('what fails keeps nothing else open, and is told', async () => {
  const closers = new Closers(virtualClock());
  let closed = false;
  closers.add('connection', async () => void (closed = true));
  closers.add('store', () => {
    throw new Error('thrown, not rejected');
  });
  closers.add('cache', () => Promise.reject(new Error('first')));
  await expect(closers.close(1_000)).rejects.toThrow('first');
  expect(closed).toBe(true);
});

it('what hangs keeps nothing else open beyond the limit, and no timer is left', async () => {
  const clock = virtualClock();
  const closers = new Closers(clock);
  const begun: string[] = [];
  const hang = (what: string): void => {
    closers.add(what, () => {
      begun.push(what);
      return new Promise(() => {});
    });
  };
  for (const what of ['connection', 'store', 'cache']) hang(what);
  const closing = closers.close(1_000).catch((error: unknown) => error);
  await clock.advance(999);
  expect(begun).toEqual(['cache']);
  await clock.advance(1);
  expect(await closing).toMatchObject({
    code: 'DEADLINE_EXCEEDED',
    evidence: { what: 'closing cache', limitMs: 1_000 },
  });
  expect(begun).toEqual(['cache', 'store', 'connection']);

  const quick = new Closers(clock);
  await quick.close(1_000);
  expect(clock.pending).toBe(0);
});
