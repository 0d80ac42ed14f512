import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPresence, memoryFeed, memoryPresenceStore, type PresenceStore } from '@parley/presence';
import { expect, it } from 'vitest';

const connections = 300;
const channels = Array.from({ length: 100 }, (_, i) => `channel-${i}-${crypto.randomUUID()}`);

/** Takes everything and keeps nothing: what is left is what a process needs by itself. */
function forgetful(): PresenceStore {
  return {
    ...memoryPresenceStore(),
    change: async ({ changes }) => ({
      verdict: 'done',
      outcomes: changes.map(() => 'done'),
      appended: [],
    }),
  };
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new TypeError('memory cannot be collected');
  collect();
  return process.memoryUsage().heapUsed;
}

it('what a connection keeps for each channel that it is in is little', async () => {
  const presence = createPresence({ store: forgetful(), feed: memoryFeed() });
  const join = async (nth: number): Promise<void> => {
    const connection = presence.connect({ user: `user-${nth}-${crypto.randomUUID()}` });
    await Promise.all(channels.map((channel) => connection.join(channel)));
  };
  for (let i = 0; i < 20; i += 1) await join(i);
  const before = heapBytes();
  for (let i = 0; i < connections; i += 1) await join(20 + i);
  const each = (heapBytes() - before) / connections / channels.length;
  expect(each).toBeLessThan(200);
  await presence.close();
}, 60_000);
