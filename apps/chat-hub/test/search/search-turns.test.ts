import { isParleyError } from '@parley/cache-core/kernel';
import { isHubError } from '@parley/hub-protocol';
import { expect, test } from 'vitest';
import { SearchTurns } from '../../src/search/search-turns.ts';

/** Searches that end when they are told to. */
function searches(turns: SearchTurns) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    begin: (user: string, name: string, signal?: AbortSignal): Promise<string> =>
      turns.run(user, signal, async () => {
        begun.push(name);
        await new Promise<void>((end) => ends.set(name, end));
        return name;
      }),
    end: async (name: string): Promise<void> => {
      ends.get(name)?.();
      await new Promise(setImmediate);
    },
  };
}

const codeOf = (error: unknown): unknown => (isParleyError(error) ? error.code : error);

test('each user searches once at a time, and all together as often as they may', async () => {
  const { begun, begin, end } = searches(new SearchTurns({ running: 2, waiting: 10, waitingOfUser: 5 }));
  const all = [
    begin('ann', 'ann 1'),
    begin('ann', 'ann 2'),
    begin('ann', 'ann 3'),
    begin('bob', 'bob'),
    begin('cy', 'cy'),
  ];
  await new Promise(setImmediate);
  expect(begun).toEqual(['ann 1', 'bob']);
  await end('ann 1');
  // Who waits for others comes before who waits for an own one.
  expect(begun).toEqual(['ann 1', 'bob', 'cy']);
  await end('bob');
  await end('cy');
  await end('ann 2');
  await end('ann 3');
  expect(await Promise.all(all)).toEqual(['ann 1', 'ann 2', 'ann 3', 'bob', 'cy']);
});

test('who searches too much at once is told so, and others are not', async () => {
  const turns = new SearchTurns({ running: 1, waiting: 1, waitingOfUser: 1 });
  const { begun, begin, end } = searches(turns);
  const first = begin('ann', 'first');
  const second = begin('ann', 'second');
  const refused = await begin('ann', 'third').catch((error: unknown) => error);
  expect(isHubError(refused, 'RATE_LIMITED') && refused.retryAfter).toBe(1_000);
  const other = begin('bob', 'other');
  // There is no room for one more of anybody.
  expect(await begin('cy', 'late').catch(codeOf)).toBe('OVERLOADED');
  for (const name of ['first', 'other', 'second']) await end(name);
  expect(await Promise.all([first, second, other])).toEqual(['first', 'second', 'other']);
  expect([begun, turns.running]).toEqual([['first', 'other', 'second'], 0]);
});

test('who gives up waiting is passed over', async () => {
  const { begun, begin, end } = searches(new SearchTurns({ running: 1, waiting: 5, waitingOfUser: 5 }));
  const first = begin('ann', 'first');
  const leaving = new AbortController();
  const given = [begin('ann', 'own', leaving.signal), begin('bob', 'other', leaving.signal)];
  const next = begin('cy', 'next');
  leaving.abort();
  expect(await Promise.all(given.map((one) => one.catch(codeOf)))).toEqual(['ABORTED', 'ABORTED']);
  await end('first');
  await end('next');
  expect([await first, await next, begun]).toEqual(['first', 'next', ['first', 'next']]);
});
