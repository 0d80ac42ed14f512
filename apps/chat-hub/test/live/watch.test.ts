import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, test } from 'vitest';
import { LogEpoch } from '../../src/live/epoch.ts';
import type { Entry } from '../../src/live/log-reader.ts';
import { Rooms } from '../../src/live/rooms.ts';
import { Watch } from '../../src/live/watch.ts';
import { Wire } from '../../src/live/wire.ts';

const settled = async (): Promise<void> => {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function setUp() {
  const clock = virtualClock();
  const state = {
    head: 3,
    epoch: 'one',
    server: 'a',
    fails: false,
    asked: 0,
    epochs: 0,
    rev: 1,
    errors: 0,
    losses: 0,
  };
  const epoch = await LogEpoch.open(
    {
      server: () => state.server,
      async ask() {
        state.epochs += 1;
        if (state.fails) throw new Error('away');
        return state.epoch;
      },
      async begin(known) {
        if (state.epoch === known) state.epoch = 'begun';
      },
    },
    clock,
  );
  epoch.onChange(() => rooms.restart());
  const wire = new Wire({ bus: undefined, clock });
  const steadiness = { steady: true };
  Object.defineProperty(wire, 'steady', { get: () => steadiness.steady });
  const rooms = new Rooms({
    log: {
      read: async (_, after, limit) =>
        Array.from({ length: Math.min(limit, state.head - after) }, (_, i): Entry => {
          const seq = after + i + 1;
          return { seq, line: `e${seq}` };
        }),
    },
    heads: async (ids) => new Map(ids.map((id) => [id, state.head])),
    wire,
    epoch: () => epoch.current,
    clock,
    lingerMs: 1_000_000,
    onNews: () => {},
    onError: () => {},
    onOtherEpoch: () => {},
  });
  const looked: string[] = [];
  const watch = new Watch({
    rooms,
    wire,
    epoch,
    users: () => new Map([['u', 1]]),
    onUser: (userId) => looked.push(userId),
    async ask(heads) {
      state.asked += 1;
      if (state.fails) throw new Error('the database is away');
      return {
        heads: new Map([...heads].filter(([, head]) => head !== state.head).map(([id]) => [id, state.head])),
        users: state.rev === 1 ? [] : ['u'],
      };
    },
    onError: () => (state.errors += 1),
    onLoss: () => (state.losses += 1),
    clock,
    random: () => 0.5,
  });
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 250) {
      await clock.advance(Math.min(left, 250));
      await settled();
    }
  };
  return { state, rooms, watch, epoch, steadiness, looked, pass };
}

describe('a watch', () => {
  test('asks seldom while everything is heard, and every second while something is not', async () => {
    const { state, steadiness, watch, pass } = await setUp();
    await pass(20_000);
    expect(state.asked).toBe(5);
    steadiness.steady = false;
    await pass(4_000);
    const before = state.asked;
    await pass(10_000);
    expect(state.asked - before).toBe(10);
    watch.close();
  });

  test('has rooms that are behind read on, and users looked at whose rev moved on', async () => {
    const { state, rooms, looked, watch, pass } = await setUp();
    const room = await rooms.open('c');
    expect(room.head).toBe(3);
    state.head = 700;
    state.rev = 2;
    await pass(5_000);
    expect(room.head).toBe(700);
    expect(looked).toEqual(['u']);
    watch.close();
  });

  test('goes on after errors, sooner, and asks for the epoch before anything else', async () => {
    const { state, watch, epoch, pass } = await setUp();
    state.fails = true;
    await pass(8_000);
    expect(watch.errors).toBeGreaterThan(3);
    expect(state.errors).toBe(watch.errors);
    state.fails = false;
    state.epoch = 'two';
    const changes: string[] = [];
    epoch.onChange((now) => changes.push(`${now} ${state.asked}`));
    const before = state.asked;
    await pass(1_500);
    expect(changes).toEqual([`two ${before}`]);
    expect(epoch.current).toBe('two');
    watch.close();
  });

  test('asks for the epoch when a log grew shorter', async () => {
    const { state, rooms, watch, epoch, pass } = await setUp();
    await rooms.open('c');
    state.head = 1;
    state.epoch = 'two';
    await pass(6_000);
    expect(epoch.current).toBe('two');
    expect(state.losses).toBe(0);
    watch.close();
  });

  test('begins another epoch when a log grew shorter and the epoch is the same all the same', async () => {
    const { state, rooms, watch, epoch, pass } = await setUp();
    await rooms.open('c');
    state.head = 1;
    await pass(6_000);
    expect(epoch.current).toBe('begun');
    expect(state.losses).toBe(1);
    await rooms.open('c');
    await pass(20_000);
    expect(epoch.current).toBe('begun');
    expect(state.losses).toBe(1);
    watch.close();
  });

  test('asks for the epoch when another server answers', async () => {
    const { state, watch, epoch, pass } = await setUp();
    state.server = 'b';
    state.epoch = 'two';
    await pass(5_000);
    expect(epoch.current).toBe('two');
    watch.close();
  });

  test('asks at once when it has reason to, and once for many reasons', async () => {
    const { state, watch, pass } = await setUp();
    for (let i = 0; i < 10; i += 1) watch.hurry();
    await pass(250);
    expect(state.asked).toBe(1);
    watch.close();
    await pass(20_000);
    expect(state.asked).toBe(1);
  });
});
