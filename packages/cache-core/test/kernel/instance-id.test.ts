import { createInstanceId, InvalidArgument, requireKey, virtualClock } from '@parley/cache-core/kernel';
import { expect, it } from 'vitest';

it('is unique, url-safe and of one length', () => {
  const ids = Array.from({ length: 10_000 }, () => createInstanceId());
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{26}$/);
});

it('is unique also among processes that start in the same millisecond', () => {
  const clock = virtualClock();
  const ids = Array.from({ length: 1_000 }, () => createInstanceId({ clock }));
  expect(new Set(ids).size).toBe(ids.length);
});

it('sorts by the time of its making', async () => {
  const clock = virtualClock();
  const ids: string[] = [];
  for (const ms of [1, 1, 31, 1_000, 86_400_000, 3_650 * 86_400_000]) {
    ids.push(createInstanceId({ clock, prefix: 'hub' }));
    await clock.advance(ms);
  }
  expect(ids.toSorted()).toEqual(ids);
});

it('takes the name of a service before it, and refuses what no key could hold', () => {
  expect(requireKey(createInstanceId({ prefix: 'chat-hub_1' }))).toMatch(/^chat-hub_1-[0-9a-z]{26}$/);
  for (const prefix of ['', 'a b', 'a/b', 'é', 'x'.repeat(65)])
    expect(() => createInstanceId({ prefix })).toThrow(InvalidArgument);
});
