import { once } from 'node:events';
import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import { frameLimit, type FrameRuling } from '@parley/ratelimit/ws';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { world } from './world.ts';

const kinds = (rulings: readonly FrameRuling[]): string[] => rulings.map((ruling) => ruling.do);

describe('a limit of frames', () => {
  it('takes, refuses until the time that it tells, and takes again', async () => {
    const { limiter, clock } = world({ frame: { limit: 2, per: '10s' } });
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock });
    expect(kinds([await rule(1), await rule(2)])).toEqual(['take', 'take']);
    const refused = await rule(3);
    expect(refused).toMatchObject({ do: 'refuse', retryAfterMs: 5_000, violated: ['frame'] });
    await clock.advance(5_000);
    expect(await rule(4)).toMatchObject({ do: 'take' });
  });

  it('is the end for who does not wait, and stays so', async () => {
    const { limiter, clock } = world({ frame: { limit: 1, per: '10s' } });
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock, patience: 3, grace: 0 });
    const rulings: FrameRuling[] = [];
    for (let frame = 0; frame < 6; frame++) rulings.push(await rule(frame));
    expect(kinds(rulings)).toEqual(['take', 'refuse', 'refuse', 'refuse', 'close', 'close']);
    expect(rulings.at(-1)).toMatchObject({ code: 1008, retryAfterMs: 10_000 });
    await clock.advance(60_000);
    expect(await rule(7)).toMatchObject({ do: 'close' });
  });

  it('never closes who waits as told, however often it is refused', async () => {
    const { limiter, clock } = world({ frame: { limit: 1, per: '10s' } });
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock, patience: 1 });
    for (let round = 0; round < 5; round++) {
      expect(await rule(round)).toMatchObject({ do: 'take' });
      expect(await rule(round)).toMatchObject({ do: 'refuse' });
      await clock.advance(10_000);
    }
  });

  it('holds nothing against frames that were under way when it told', async () => {
    const { limiter, clock } = world({ frame: { limit: 1, per: '10s' } });
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock, patience: 2 });
    // A frame each 5 ms, by a client that hears 200 ms later that it is to wait.
    const stream = async (): Promise<string[]> => {
      const rulings: FrameRuling[] = [];
      for (let frame = 0; frame < 40; frame++) {
        rulings.push(await rule(frame));
        await clock.advance(5);
      }
      return kinds(rulings);
    };
    for (let round = 0; round < 3; round++) {
      expect(await stream()).toEqual(['take', ...Array.from({ length: 39 }, () => 'refuse')]);
      await clock.advance(10_000);
    }
  });

  it('is the end for who never stops, however often a frame is taken meanwhile', async () => {
    const { limiter, clock } = world({ frame: { limit: 10, per: '1s' } });
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock });
    const seen: string[] = [];
    for (let ms = 0; ms < 1_500; ms++) {
      seen.push((await rule(ms)).do);
      await clock.advance(1);
    }
    expect(seen.indexOf('close')).toBeGreaterThan(1_000);
    expect(seen.slice(0, 1_000)).not.toContain('close');
    expect(seen.filter((what) => what === 'take')).toHaveLength(20);
  });

  it('ends who sends on what is never taken', async () => {
    const { limiter, clock } = world({ frame: { limit: 5, per: '1s' } });
    const cost = (frame: number): number => frame;
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock, cost, patience: 3 });
    const rulings: FrameRuling[] = [];
    for (const frame of [6, 6, 1, 6, 6, 6]) rulings.push(await rule(frame));
    expect(kinds(rulings)).toEqual(['refuse', 'refuse', 'take', 'refuse', 'refuse', 'close']);
  });

  it('forgives with each frame that it takes', async () => {
    const { limiter, clock } = world({ frame: { limit: 1, per: '10s' } });
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock, patience: 2, grace: 0 });
    for (let round = 0; round < 3; round++) {
      expect(kinds([await rule(1), await rule(2), await rule(3)])).toEqual(['take', 'refuse', 'refuse']);
      await clock.advance(10_000);
    }
  });

  it('charges each frame what it costs', async () => {
    const { limiter, clock } = world({ bytes: { limit: 100, per: '10s' } });
    const cost = (frame: string): number => frame.length;
    const rule = frameLimit(limiter, { rules: 'bytes', identity: 'ann', cost, clock });
    expect(await rule('x'.repeat(90))).toMatchObject({ do: 'take', verdict: { remaining: 10 } });
    expect(await rule('x'.repeat(11))).toMatchObject({ do: 'refuse', retryAfterMs: 100 });
    // More than there ever is: no fault of the application, and nothing to wait for.
    expect(await rule('x'.repeat(101))).toMatchObject({ do: 'refuse', retryAfterMs: Infinity });
    await expect(rule('')).rejects.toMatchObject({ field: 'cost' });
    expect(await rule('x'.repeat(10))).toMatchObject({ do: 'take' });
  });

  it('answers in the order of the frames', async () => {
    const { limiter, clock, store } = world({ frame: { limit: 100, per: '10s' } });
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let calls = 0;
    const { take } = store;
    store.take = async (requests) => {
      calls += 1;
      if (calls === 1) await first.promise;
      else second.resolve();
      return take(requests);
    };
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock });
    const order: number[] = [];
    const one = rule(1).then(() => order.push(1));
    await vi.waitFor(() => expect(calls).toBe(1));
    const two = rule(2).then(() => order.push(2));
    await second.promise;
    // All that its answer sets off has happened by then.
    await new Promise(setImmediate);
    first.resolve();
    await Promise.all([one, two]);
    expect(order).toEqual([1, 2]);
  });

  it('refuses what would wait behind too many', async () => {
    const { limiter, clock, store } = world({ frame: { limit: 100, per: '10s', whenAway: 'open' } });
    store.state = 'hanging';
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock, maxWaiting: 2 });
    const rulings = Promise.all([rule(1), rule(2), rule(3)]);
    await clock.advance(500);
    expect(await rulings).toMatchObject([
      { do: 'take', verdict: { decidedBy: 'open' } },
      { do: 'take' },
      { do: 'refuse', retryAfterMs: 1_000, violated: [] },
    ]);
  });

  it('keeps no more than twice as many of who goes on all the same', async () => {
    const { limiter, clock, store } = world({ frame: { limit: 100, per: '10s', whenAway: 'open' } });
    store.state = 'hanging';
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock, maxWaiting: 2 });
    const kept = Promise.all([rule(1), rule(2), rule(3), rule(4)]);
    expect(await rule(5)).toMatchObject({ do: 'close', code: 1013 });
    await clock.advance(500);
    expect(kinds(await kept)).toEqual(['close', 'close', 'close', 'close']);
  });

  it('is not by slots, which nobody would give back', () => {
    const { limiter } = world({ slots: { kind: 'concurrency', limit: 1, lease: '1s' } });
    expect(() => frameLimit(limiter, { rules: [{ rule: 'slots' }] })).toThrow(
      expect.objectContaining({ field: 'rules' }),
    );
  });

  it('asks to come back later where only the store is to blame', async () => {
    const { limiter, clock, store } = world({ frame: { limit: 100, per: '10s', whenAway: 'closed' } });
    store.state = 'down';
    const rule = frameLimit(limiter, { rules: 'frame', identity: 'ann', clock, patience: 1, grace: 0 });
    expect(await rule(1)).toMatchObject({ do: 'refuse', retryAfterMs: 1_000 });
    expect(await rule(2)).toMatchObject({ do: 'close', code: 1013 });
  });

  it.each([
    ['patience', { patience: 0 }],
    ['maxWaiting', { maxWaiting: 0.5 }],
    ['grace', { grace: -1 }],
  ])('refuses %s by name', (field, more) => {
    const { limiter } = world({ frame: { limit: 1, per: '1s' } });
    expect(() => frameLimit(limiter, { rules: 'frame', ...more })).toThrow(
      expect.objectContaining({ field }),
    );
  });
});

it('limits a real connection', async () => {
  const limiter = createLimiter({
    store: memoryLimitStore(),
    rules: { frame: { kind: 'log', limit: 3, per: '1h' } },
  });
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    const rule = frameLimit<'frame', RawData>(limiter, {
      rules: 'frame',
      identity: 'ann',
      patience: 2,
      grace: 0,
    });
    const handle = async (data: RawData): Promise<void> => {
      const ruling = await rule(data);
      if (ruling.do === 'close') socket.close(ruling.code, ruling.reason);
      else socket.send(ruling.do);
    };
    socket.on('message', (data) => void handle(data));
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = new WebSocket(`ws://127.0.0.1:${port}`);
  const heard: string[] = [];
  const over = new Promise<readonly [number, string]>((resolve) => {
    client.on('close', (code, reason) => resolve([code, reason.toString()]));
  });
  client.on('open', () => client.send('frame'));
  client.on('message', (data) => {
    if (data instanceof Buffer) heard.push(data.toString());
    client.send('frame');
  });
  expect(await over).toEqual([1008, 'too many frames']);
  expect(heard).toEqual(['take', 'take', 'take', 'refuse', 'refuse']);
  await new Promise((resolve) => server.close(resolve));
  await limiter.close();
});
