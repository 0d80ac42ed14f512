import { defineTopic, type SubscribeOptions, type Subscription } from '@parley/bus';
import { StoreUnavailable } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { heard, moods, notes, plain } from './support-messages.ts';
import { failureOf, hang, pass, quiet, silent, stage, text, watch } from './support.ts';
import { add, chores, working } from './working.ts';

const greet = defineTopic('greet', { class: 'request', schema: text, reply: text });

describe('a topic on a bus', () => {
  it('is the one that the bus knows by its name', async () => {
    const { bus } = stage();
    await bus.publish(notes, 'x');
    const same = defineTopic('notes', { class: 'stream', schema: text });
    expect(await failureOf(bus.publish(same, 'x'))).toBe('INVALID_ARGUMENT topic');
    expect(await failureOf(() => bus.subscribe(same, () => undefined))).toBe('INVALID_ARGUMENT topic');
  });

  it('is used as its class allows', async () => {
    const { bus } = stage();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const wrong = chores as unknown as typeof notes;
    for (const use of [
      () => bus.subscribe(wrong, () => undefined),
      () => bus.prepare(wrong, 'x'),
      () => bus.history(wrong),
      () => bus.position(wrong),
    ])
      expect(await failureOf(use)).toBe('INVALID_ARGUMENT topic');
  });
});

describe('a subscription that is asked for wrongly', () => {
  it.each<[string, SubscribeOptions, typeof notes | typeof moods]>([
    ['channel, channels, pattern', { channel: 'a', channels: ['b'] }, notes],
    ['channels', { channels: [] }, notes],
    ['channel', { channel: '' }, notes],
    ['channel', { channels: ['a', '\u0007'] }, notes],
    ['pattern', { pattern: '*' }, moods],
    ['from', { from: { epoch: 'e', offset: -1 } }, notes],
    ['from', { from: { epoch: 'e', offset: 0.5 }, pattern: '*' }, notes],
    ['from', { from: 'oldest' }, moods],
    ['overflow', { overflow: 'wait' }, moods],
    ['buffer', { buffer: 0 }, notes],
  ])('names %s (%j), and leaves nothing behind', async (field, options, topic) => {
    const { bus, clock } = stage();
    expect(await failureOf(() => bus.subscribe(topic, () => undefined, options))).toBe(
      `INVALID_ARGUMENT ${field}`,
    );
    await quiet(clock);
    expect([bus.stats().totalHandlers, bus.stats().channels]).toEqual([0, 0]);
  });

  it.each([notes, plain])(
    'with a signal that is aborted already is closed, and nothing is left of it',
    async (topic) => {
      const { bus, clock } = stage();
      const subscription = bus.subscribe(topic, () => undefined, { signal: AbortSignal.abort() });
      await quiet(clock);
      expect([subscription.state, bus.stats().totalHandlers, bus.stats().channels]).toEqual(['closed', 0, 0]);
      expect(await failureOf(subscription.ready())).toBe('CLOSED');
    },
  );

  it.each([notes, plain])('and then aborted is closed', async (topic) => {
    const on = stage();
    const leaving = new AbortController();
    const { subscription, states, got } = await heard(on, { signal: leaving.signal }, topic);
    leaving.abort();
    await on.bus.publish(topic, 'x');
    expect([subscription.state, states, got]).toEqual(['closed', ['live', 'closed'], []]);
  });
});

describe('a bus over a broker that never answers', () => {
  it('settles every promise by its deadline', async () => {
    const { bus, clock } = stage(silent);
    const subscription = bus.subscribe(notes, () => undefined);
    const responder = bus.respond(greet, () => 'x');
    const health = bus.health();
    const all = {
      publish: watch(bus.publish(notes, 'x'), clock),
      ready: watch(subscription.ready({ within: '3s' }), clock),
      responder: watch(responder.ready({ within: '3s' }), clock),
      history: watch(bus.history(notes), clock),
      position: watch(bus.position(notes), clock),
      request: watch(bus.request(greet, 'x'), clock),
      requestMany: watch(bus.requestMany(greet, 'x'), clock),
      counts: watch(bus.queue(chores).counts(), clock),
      redrive: watch(bus.queue(chores).redrive(), clock),
      health: watch(health, clock),
    };
    await pass(clock, 5_000);
    expect(Object.entries(all).filter(([, { outcome }]) => outcome === undefined)).toEqual([]);
    expect((await health).status).toBe('down');
    const closed = watch(bus.close({ within: '4s' }), clock);
    await pass(clock, 8_000);
    expect(closed.outcome).toMatch(/^undefined@/);
    await pass(clock, 20_000);
    expect(clock.pending).toBe(0);
  });
});

describe('closing a bus', () => {
  it('sends what waits, and ends', async () => {
    let away = true;
    const on = stage((good) => ({
      ...good,
      streams: {
        ...good.streams,
        append: (records) =>
          away ? Promise.reject(new StoreUnavailable('away')) : good.streams.append(records),
      },
    }));
    const published = watch(on.bus.publish(notes, 'x'), on.clock);
    const closed = watch(on.bus.close(), on.clock);
    await pass(on.clock, 300);
    expect([published.outcome, closed.outcome]).toEqual([undefined, undefined]);
    away = false;
    await pass(on.clock, 1_000);
    expect([published.outcome?.split('@')[0], closed.outcome?.split('@')[0]]).toEqual([
      '[object Object]',
      'undefined',
    ]);
  });

  it('takes no longer than it was given, and tells what could not be sent', async () => {
    const { bus, clock } = stage({ streams: { append: hang } });
    const published = watch(bus.publish(notes, 'x', { within: '1m' }), clock);
    const closed = watch(bus.close({ within: '3s' }), clock);
    await pass(clock, 3_000);
    expect([closed.outcome, published.outcome]).toEqual(['undefined@3000', 'CLOSED@3000']);
  });

  it('with no time at all ends everything at once', async () => {
    const on = stage();
    await add(on, 'a');
    const { jobs } = working(on);
    const { subscription } = await heard(on);
    await on.bus.close({ within: 0 });
    expect([subscription.state, jobs[0]?.signal.aborted]).toEqual(['closed', true]);
    expect(on.bus.stats()).toMatchObject({ channels: 0 });
  });

  it('lets a job that is at work publish what it has to say', async () => {
    const on = stage();
    await add(on, 'a');
    const said: string[] = [];
    on.bus.work(chores, async () => {
      await on.clock.sleep(1_000);
      await on.bus.publish(notes, 'done');
      said.push('done');
    });
    await quiet(on.clock);
    const closed = watch(on.bus.close(), on.clock);
    expect(await failureOf(() => on.bus.subscribe(notes, () => undefined))).toBe('CLOSED');
    await pass(on.clock, 1_100);
    expect([said, closed.outcome?.split('@')[0], on.bus.stats().jobsDone]).toEqual([
      ['done'],
      'undefined',
      1,
    ]);
  });

  it('refuses everything afterwards, and leaves no timer', async () => {
    const on = stage();
    const { bus, clock } = on;
    await heard(on);
    working(on);
    bus.respond(greet, () => 'x');
    await quiet(clock);
    await bus.request(greet, 'hello');
    await bus.close();
    await bus.close();
    for (const use of [
      () => bus.publish(notes, 'x'),
      () => bus.publishMany(notes, ['x']),
      () => bus.prepare(notes, 'x'),
      () => bus.subscribe(notes, () => undefined),
      () => bus.history(notes),
      () => bus.position(notes),
      () => bus.work(chores, () => undefined),
      () => bus.queue(chores),
      () => bus.request(greet, 'x'),
      () => bus.requestMany(greet, 'x'),
      () => bus.respond(greet, () => 'x'),
    ])
      expect(await failureOf(use)).toBe('CLOSED');
    expect(await bus.health()).toMatchObject({ status: 'down' });
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });

  it('does not wait for a handler that does not end, nor call it again', async () => {
    const on = stage();
    const begun: string[] = [];
    const subscription: Subscription = on.bus.subscribe(notes, ({ data }) => {
      begun.push(data);
      return hang();
    });
    await subscription.ready();
    await on.bus.publishMany(notes, ['1', '2']);
    const closed = watch(on.bus.close({ within: '2s' }), on.clock);
    await pass(on.clock, 2_000);
    expect([closed.outcome, begun]).toEqual(['undefined@2000', ['1']]);
  });
});

describe('history', () => {
  it('goes on behind what is gone, and so comes to an end', async () => {
    const on = stage();
    const short = defineTopic('short', { class: 'stream', schema: text, retention: { count: 2, age: '1s' } });
    await on.bus.publishMany(short, ['1', '2', '3', '4']);
    const old = await on.bus.history(short, { limit: 1 });
    await on.clock.advance(5_000);
    const page = await on.bus.history(short, { after: { ...old.next, offset: 1 } });
    expect(page).toMatchObject({ messages: [], gap: true });
    expect(page.next).toEqual(page.top);
    expect(await on.bus.history(short, { after: page.next })).toMatchObject({ messages: [], gap: false });
    expect(await on.bus.history(short, { after: { ...page.top, offset: 99 } })).toMatchObject({ gap: true });
  });
});

describe('the health of a bus', () => {
  it('is degraded while something that it follows is not heard', async () => {
    const { bus, clock } = stage({
      open: () => ({ join: hang, leave: hang, close: async () => undefined, detectionMs: 7 }),
    });
    expect(await bus.health()).toMatchObject({ status: 'up' });
    bus.subscribe(notes, () => undefined);
    await quiet(clock);
    expect(await bus.health()).toMatchObject({
      status: 'degraded',
      checks: { subscriptions: { details: { missing: 1, detectionMs: 7 } } },
    });
  });
});
