import type { ChannelPosition } from '@parley/bus';
import { StoreUnavailable } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { heard, notes } from './support-messages.ts';
import { hang, quiet, stage, type Changes } from './support.ts';

type List = (good: () => Promise<readonly ChannelPosition[]>) => Promise<readonly ChannelPosition[]>;

/** A stage on which the lists of channels are made by these, one after the other, and then by the broker. */
function listing(...lists: List[]) {
  const asked: string[] = [];
  const on = stage((good) => ({
    ...good,
    streams: {
      ...good.streams,
      channels: (topic, page) => {
        asked.push(page.after ?? '');
        const list = lists.shift();
        const real = (): Promise<readonly ChannelPosition[]> => good.streams.channels(topic, page);
        return list === undefined ? real() : list(real);
      },
    },
  }));
  return { ...on, asked };
}

describe('a subscription by pattern', () => {
  it('begins with what is said from now on in channels that are there, and with all of new ones', async () => {
    const on = stage();
    await on.bus.publish(notes, 'old', { channel: 'a' });
    const { got } = await heard(on, { pattern: '*' });
    for (const channel of ['a', 'b', 'b', 'c:d']) await on.bus.publish(notes, 'new', { channel });
    await quiet(on.clock);
    expect(got).toEqual(['a new', 'b new', 'b new']);
  });

  it('hears at once of a channel that came into being while the list of them was on its way', async () => {
    const answer = Promise.withResolvers<void>();
    const on = listing(async (good) => {
      const listed = await good();
      await answer.promise;
      return listed;
    });
    const { got, subscription } = await heard(on, { pattern: '*' });
    await on.bus.publish(notes, 'first', { channel: 'new' });
    answer.resolve();
    await quiet(on.clock);
    expect([subscription.state, got]).toEqual(['live', ['new first']]);
  });

  it('asks again for a list that failed, or that nobody answered', async () => {
    const on = listing(hang, () => Promise.reject(new StoreUnavailable('away')));
    await on.bus.publish(notes, 'old', { channel: 'a' });
    const { subscription } = await heard(on, { pattern: '*' });
    expect(subscription.state).toBe('joining');
    await on.clock.advance(2_500);
    await quiet(on.clock);
    expect([subscription.state, on.asked.length]).toEqual(['live', 3]);
  });

  it('reads the list page by page, as large as the broker gives them', async () => {
    const on = stage((good) => ({
      ...good,
      capabilities: { ...good.capabilities, maxBatch: 10 },
      streams: {
        ...good.streams,
        channels: (topic, page) => good.streams.channels(topic, { ...page, limit: Math.min(10, page.limit) }),
      },
    }));
    for (let i = 0; i < 35; i++) await on.bus.publish(notes, 'old', { channel: `c${i}` });
    const { got } = await heard(on, { pattern: '*', from: 'oldest' });
    await quiet(on.clock);
    await quiet(on.clock);
    expect(new Set(got).size).toBe(35);
  });

  it('finds with its checks what nobody told of: new channels, and news in old ones', async () => {
    const changes: Changes = {
      open: () => ({
        join: async () => undefined,
        leave: async () => undefined,
        close: async () => undefined,
        detectionMs: 0,
      }),
    };
    const on = stage(changes);
    await on.bus.publish(notes, 'old', { channel: 'a' });
    const { got } = await heard(on, { pattern: '*' });
    await on.bus.publish(notes, 'news', { channel: 'a' });
    await on.bus.publish(notes, 'first', { channel: 'b' });
    expect(got).toEqual([]);
    await on.clock.advance(40_000);
    await quiet(on.clock);
    expect(got.toSorted()).toEqual(['a news', 'b first']);
    expect(on.bus.stats().lateFinds).toBe(1);
  });

  it('begins where it is told for each channel; where that fails it says so, and goes on', async () => {
    const on = stage();
    for (const channel of ['a', 'b']) await on.bus.publish(notes, 'old', { channel });
    const { got, errors, subscription } = await heard(on, {
      pattern: '*',
      from: (channel) => {
        if (channel === 'b') throw new Error('no place for b');
        return 'oldest';
      },
    });
    await on.bus.publish(notes, 'new', { channel: 'b' });
    await quiet(on.clock);
    expect([got, errors, subscription.state]).toEqual([
      ['a old', 'b new'],
      ['Error: no place for b'],
      'live',
    ]);
  });

  it('forgets a channel that is gone, after it has told of the loss, and takes it up again when it is back', async () => {
    const on = stage();
    await on.bus.publish(notes, 'old', { channel: 'a' });
    const { got, gaps, subscription } = await heard(on, { pattern: '*', from: 'oldest' });
    await on.broker.streams.drop(['notes:a']);
    expect(subscription.position('a')?.offset).toBe(1);
    await on.clock.advance(100_000);
    await quiet(on.clock);
    expect([gaps, subscription.position('a'), subscription.state]).toEqual([
      ['epoch 1-0'],
      undefined,
      'live',
    ]);
    await on.bus.publish(notes, 'back', { channel: 'a' });
    await quiet(on.clock);
    expect(got).toEqual(['a old', 'a back']);
  });

  it('ends for good when it is closed', async () => {
    const on = stage();
    await on.bus.publish(notes, 'old', { channel: 'a' });
    const { subscription, got, states } = await heard(on, { pattern: '*' });
    await subscription.close();
    await on.bus.publish(notes, 'new', { channel: 'a' });
    expect([got, states]).toEqual([[], ['live', 'closed']]);
    expect(on.bus.stats()).toMatchObject({ totalHandlers: 0, channels: 0 });
  });

  it('vouches for what all of its channels vouch for', async () => {
    const on = stage();
    await on.bus.publish(notes, 'old', { channel: 'a' });
    const { subscription } = await heard(on, { pattern: '*' });
    const first = subscription.verifiedAt();
    await on.clock.advance(50_000);
    await quiet(on.clock);
    expect(subscription.verifiedAt()).toBeGreaterThan(first);
    expect(on.clock.monotonic() - subscription.verifiedAt()).toBeLessThan(45_000);
  });
});
