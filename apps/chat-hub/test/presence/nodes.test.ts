import { virtualClock } from '@parley/cache-core/kernel';
import { createPresence, memoryFeed, memoryPresenceStore } from '@parley/presence';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import { openNodes } from '../../src/presence/nodes.ts';

test('a node that cannot know of the others yet takes a share for several, and then one for as many as there are', async () => {
  const clock = virtualClock();
  const store = memoryPresenceStore({ clock });
  const there = Promise.withResolvers<void>();
  const open = (read: typeof store.read) =>
    createPresence({ store: { ...store, read }, feed: memoryFeed(), clock });
  await using early = open(async (...about) => {
    await there.promise;
    return store.read(...about);
  });
  await using other = open(store.read);
  const nodes = openNodes(early, 'early');
  expect(nodes.count()).toBe(8);
  const others = openNodes(other, 'other');
  await until(() => others.count() < 8, { what: 'the other one knows' });
  there.resolve();
  await until(
    async () => {
      await clock.advance(1_000);
      return nodes.count() === 2 && others.count() === 2;
    },
    { what: 'both are counted' },
  );
});
