import { createBus, type SubscribeOptions, type Subscription } from '@parley/bus';
import { listenerErrors } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { type TextTopic, heard, moods, notes, plain, slowHandler } from './support-messages.ts';
import { stage, type Stage } from './support.ts';

async function slow(options: SubscribeOptions, topic: TextTopic = notes) {
  const on = stage();
  const handler = slowHandler();
  const gaps: string[] = [];
  const states: string[] = [];
  const subscription: Subscription = on.bus.subscribe(topic, handler.handle, {
    onGap: ({ reason, from, to, missing }) => gaps.push(`${reason} ${from.offset}-${to.offset} ${missing}`),
    onState: (state) => states.push(state),
    ...options,
  });
  await subscription.ready();
  return { ...on, ...handler, subscription, gaps, states, let: (count: number) => handler.go(on, count) };
}

async function publish({ bus, clock }: Stage, topic: TextTopic, ...all: string[]) {
  for (const data of all) await bus.publish(topic, data);
  await clock.settle();
}

describe('a handler that is slower than its messages', () => {
  it('with wait: loses nothing, holds no more than its buffer and one, and goes on from the log', async () => {
    const it = await slow({ buffer: 3 });
    const all = Array.from({ length: 20 }, (_, i) => `${i}`);
    await publish(it, notes, ...all);
    expect([it.begun, it.bus.stats().buffered]).toEqual([['0'], 3]);
    expect(it.subscription.state).toBe('joining');
    await it.let(40);
    expect([it.begun, it.gaps, it.bus.stats().dropped]).toEqual([all, [], 0]);
    expect(it.subscription.state).toBe('live');
  });

  it('with drop-oldest: gets the newest, and is told of each that it did not get', async () => {
    const it = await slow({ buffer: 2, overflow: 'drop-oldest' });
    await publish(it, notes, '1', '2', '3', '4', '5');
    expect(it.gaps).toEqual(['overflow 1-2 1', 'overflow 2-3 1']);
    await it.let(5);
    expect(it.begun).toEqual(['1', '4', '5']);
    expect(it.bus.stats()).toMatchObject({ dropped: 2, gaps: 2, buffered: 0 });
  });

  it('with latest: gets the last of each key, in the order in which these were said', async () => {
    const it = await slow({}, moods);
    await publish(it, moods, 'ann a', 'ann b', 'ben a', 'ann c', 'ann d');
    await it.let(5);
    expect(it.begun).toEqual(['ann a', 'ben a', 'ann d']);
    expect(it.bus.stats().dropped).toBe(2);
  });

  it('with disconnect: its subscription ends', async () => {
    const it = await slow({ buffer: 2, overflow: 'disconnect' });
    await publish(it, notes, '1', '2', '3', '4', '5');
    expect(it.states).toEqual(['live', 'closed']);
    await it.let(5);
    expect([it.begun, it.bus.stats().totalHandlers]).toEqual([['1'], 0]);
  });

  it('keeps only its own channel waiting', async () => {
    const on = stage();
    const begun: string[] = [];
    const subscription = on.bus.subscribe(
      notes,
      ({ channel }) => {
        begun.push(channel);
        return channel === 'a' ? new Promise(() => undefined) : undefined;
      },
      { channels: ['a', 'b'] },
    );
    await subscription.ready();
    for (const channel of ['a', 'a', 'b', 'b']) await on.bus.publish(notes, 'x', { channel });
    await on.clock.settle();
    expect(begun).toEqual(['a', 'b', 'b']);
  });

  it('hears of a gap even where its buffer drops what is older', async () => {
    const it = await slow({ buffer: 1, overflow: 'drop-oldest' });
    await publish(it, notes, '1');
    await it.broker.streams.drop(['notes:main']);
    await publish(it, notes, '2', '3', '4');
    await it.clock.advance(60_000);
    expect(it.gaps[0]).toMatch(/^epoch 1-0/);
    await it.let(5);
    expect(it.begun.at(-1)).toBe('4');
  });
});

describe('the position of a subscription', () => {
  it('is behind the last message that its handler was given, not behind what waits', async () => {
    const it = await slow({});
    await publish(it, notes, '1', '2', '3');
    expect(it.subscription.position()?.offset).toBe(1);
    await it.let(1);
    expect(it.subscription.position()?.offset).toBe(2);
    await it.let(2);
    expect(it.subscription.position()?.offset).toBe(3);
  });

  it('stays there when it is closed, so that who goes on from it misses nothing', async () => {
    const it = await slow({});
    await publish(it, notes, '1', '2', '3');
    const closed = it.subscription.close();
    await it.let(1);
    await closed;
    expect([it.begun, it.subscription.position()?.offset]).toEqual([['1'], 1]);
    const { got } = await heard(it, { from: it.subscription.position() });
    expect(got).toEqual(['2', '3']);
  });

  it('is behind the message at which its handler closed it', async () => {
    const on = stage();
    await publish(on, notes, '1', '2', '3');
    const subscription: Subscription = on.bus.subscribe(
      notes,
      ({ data }) => (data === '2' ? void subscription.close() : undefined),
      { from: 'oldest' },
    );
    await on.clock.settle();
    await on.clock.settle();
    expect([subscription.state, subscription.position()?.offset]).toEqual(['closed', 2]);
  });
});

describe('a handler that fails', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'gives back something that throws when it is awaited',
      () => ({
        // oxlint-disable-next-line unicorn/no-thenable
        then: () => {
          throw new Error('broken');
        },
      }),
    ],
  ])('because it %s harms nobody, and is told', async (_, fail: () => unknown) => {
    const on = stage();
    const told: string[] = [];
    const end = listenerErrors.subscribe(({ listener, error }) => told.push(`${listener} ${String(error)}`));
    const places: unknown[] = [];
    const bad: string[] = [];
    const subscription = on.bus.subscribe(
      notes,
      ({ data }) => {
        bad.push(data);
        return fail();
      },
      {
        onError: (error, { channel, position, message }) => {
          places.push([String(error), channel, position?.offset, message?.data]);
          throw new Error('and this too');
        },
      },
    );
    await subscription.ready();
    const good = await heard(on);
    await publish(on, notes, '1', '2');
    end();
    expect([bad, good.got]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(places).toEqual([
      ['Error: broken', 'main', 1, '1'],
      ['Error: broken', 'main', 2, '2'],
    ]);
    expect(told.filter((one) => one.includes('broken'))).toHaveLength(2);
    expect(on.bus.stats().handlerErrors).toBe(2);
  });
});

describe('a message that cannot be read', () => {
  it('is told with its place, and skipped', async () => {
    const on = stage();
    const { got, errors, subscription } = await heard(on);
    const record = { channel: 'notes:main', keep: { count: 10, forMs: 1e6 }, wide: true };
    await on.broker.streams.append([
      { ...record, id: 'x', body: 'garbage' },
      { ...record, id: 'y', body: '{"v":1,"s":"me","n":1,"d":7}' },
    ]);
    await publish(on, notes, 'good');
    expect(got).toEqual(['good']);
    expect(errors).toEqual(['Unreadable: it is not JSON', 'Unreadable: it is not text']);
    expect(on.bus.stats().poison).toBe(2);
    expect(subscription.position()?.offset).toBe(3);
  });

  it('that is ephemeral is told and skipped too', async () => {
    const on = stage();
    const { got, errors } = await heard(on, {}, plain);
    await on.broker.send([{ channel: 'plain:main', body: '{}', wide: true }]);
    await publish(on, plain, 'good');
    expect([got, errors]).toEqual([['good'], ['Unreadable: it is not an envelope']]);
  });
});

describe('a subscription that leaves out what its own bus has published', () => {
  it('hears what others have, and stands behind both', async () => {
    const on = stage();
    const other = createBus({ broker: on.broker, clock: on.clock });
    const { got, subscription } = await heard(on, { skipOwn: true });
    await publish(on, notes, 'own');
    await other.publish(notes, 'of another');
    await publish(on, notes, 'own');
    expect([got, subscription.position()?.offset]).toEqual([['of another'], 3]);
  });
});
