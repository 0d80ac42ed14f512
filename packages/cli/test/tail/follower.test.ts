import { until } from '@parley/services';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/tail/entry.ts';
import { Follower, type FollowerOptions } from '../../src/tail/follower.ts';

const channelId = '01984f6e-7c1a-7b02-9f7e-3a1d5c2b8e90';

function entry(seq: number, epoch = 'e1'): Entry {
  return {
    event: { type: 'channel.delete', channelId },
    timestamp: seq,
    senderId: null,
    channelId,
    seq,
    epoch,
  };
}

/** A reader whose log has entries up to a number, two on a page. */
function reader(head: number, options: Partial<FollowerOptions> = {}) {
  const shown: number[] = [];
  const asked: number[] = [];
  const lost: string[] = [];
  const follower = new Follower({
    show: async ({ seq = 0 }) => void shown.push(seq),
    onLost: (id) => void lost.push(id),
    readLog: async (_, after) => {
      asked.push(after);
      const items = Array.from({ length: Math.min(2, Math.max(0, head - after)) }, (_, i) =>
        entry(after + 1 + i),
      );
      return { items, seq: head, epoch: 'e1' };
    },
    ...options,
  });
  follower.begin(channelId, 0, 'e1');
  return { follower, shown, asked, lost };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('a follower', () => {
  it('shows what it hears once, in order, and asks for nothing', async () => {
    const { follower, shown, asked } = reader(3);
    for (const seq of [1, 2, 2, 1, 3, 3]) follower.hear(entry(seq));
    await follower.settled();
    expect(shown).toEqual([1, 2, 3]);
    expect(asked).toEqual([]);
  });

  it('reads from the log what it did not hear', async () => {
    const { follower, shown } = reader(9);
    follower.hear(entry(1));
    follower.hear(entry(8));
    follower.hear(entry(9));
    await follower.settled();
    expect(shown).toEqual(numbers(1, 9));
  });

  it('reads on to a number that it is told of, when nothing more is heard', async () => {
    const { follower, shown } = reader(5);
    follower.hear(entry(1));
    follower.reach(channelId, 5);
    await follower.settled();
    expect(shown).toEqual(numbers(1, 5));
  });

  it('keeps no more than it must for a slow reader, and shows all the same', async () => {
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const shown: number[] = [];
    const { follower, asked } = reader(5_000, {
      show: async ({ seq = 0 }) => {
        if (seq === 1) await held;
        shown.push(seq);
      },
    });
    for (const seq of numbers(1, 5_000)) follower.hear(entry(seq));
    expect(asked).toEqual([]);
    free();
    await follower.settled();
    expect(shown).toEqual(numbers(1, 5_000));
    expect(asked.length).toBeGreaterThan(1_000);
  });

  it('says that another history has begun, and goes on in it', async () => {
    const { follower, shown, lost } = reader(5);
    follower.hear(entry(1));
    follower.hear(entry(2));
    follower.hear(entry(1, 'e2'));
    follower.hear(entry(2, 'e2'));
    await follower.settled();
    expect(shown).toEqual([1, 2, 1, 2]);
    expect(lost).toEqual([channelId]);
  });

  it('does not ask for ever for what no log has', async () => {
    const { follower, shown, asked } = reader(2);
    follower.reach(channelId, 7);
    await follower.settled();
    expect(shown).toEqual([1, 2]);
    expect(asked).toEqual([0, 2]);
  });

  it('tells whoever waits that it failed', async () => {
    const { follower } = reader(2, {
      show: () => Promise.reject(new Error('the disk is full')),
    });
    follower.hear(entry(1));
    await expect(follower.settled()).rejects.toThrow('the disk is full');
  });

  it('shows nothing more when it is stopped', async () => {
    const { follower, shown } = reader(1_000, {
      show: async ({ seq = 0 }) => {
        shown.push(seq);
        if (seq === 3) follower.stop();
      },
    });
    follower.hear(entry(1));
    follower.reach(channelId, 1_000);
    await until(() => shown.includes(3), { what: 'some of it is shown' });
    await follower.settled();
    expect(shown).toEqual([1, 2, 3]);
  });
});
