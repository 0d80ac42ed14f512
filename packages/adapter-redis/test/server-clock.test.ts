import { virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { ServerClock } from '../src/server-clock.ts';
import { failure } from './support/connections.ts';

interface FakeNode {
  /** How far its clock is ahead of 2_000_000_000_000 at our zero, ms. */
  ahead: number;
  /** How long it takes to answer, ms. */
  delay: number;
  fails?: boolean;
}

const base = 2_000_000_000_000;

function setUp(
  nodes: readonly FakeNode[],
  masters: readonly string[] = [],
): {
  clock: VirtualClock;
  server: ServerClock;
  asked: () => number;
} {
  const clock = virtualClock();
  let asked = 0;
  const redis = nodes.map((node, i) => ({
    options: { host: 'h', port: i },
    async time() {
      asked += 1;
      await clock.sleep(node.delay / 2);
      const micros = Math.round((base + node.ahead + clock.monotonic()) * 1000);
      await clock.sleep(node.delay / 2);
      if (node.fails === true) throw new Error('away');
      return [Math.floor(micros / 1e6), micros % 1e6];
    },
  }));
  const server = new ServerClock({
    clock: {
      // The wall clock of this process is wrong, and plays no part.
      now: () => Number.NaN,
      monotonic: () => clock.monotonic(),
      timer: (ms, fn, options) => clock.timer(ms, fn, options),
      sleep: (ms, options) => clock.sleep(ms, options),
    },
    nodes: () => redis,
    masters: () => new Set(masters),
    ready: async () => undefined,
    asError: (error) => new Error(`mapped: ${String(error)}`),
  });
  return { clock, server, asked: () => asked };
}

async function sampled({ clock, server }: { clock: VirtualClock; server: ServerClock }): Promise<void> {
  const round = server.sample();
  await clock.advance(1_000);
  await round;
}

test('the clock of the server is known between the questions', async () => {
  const setup = setUp([{ ahead: 300_000, delay: 10 }]);
  await sampled(setup);
  const { clock, server } = setup;
  expect(server.now()).toBeCloseTo(base + 300_000 + clock.monotonic(), 1);
  await clock.advance(20_000);
  expect(server.now()).toBeCloseTo(base + 300_000 + clock.monotonic(), 1);
});

test('it is asked again every half minute', async () => {
  const setup = setUp([{ ahead: 0, delay: 2 }]);
  await sampled(setup);
  await setup.clock.advance(95_000);
  expect(setup.asked()).toBe(4);
  setup.server.stop();
  await setup.clock.advance(95_000);
  expect(setup.asked()).toBe(4);
});

test('a slow answer does not spoil what a quick one told', async () => {
  const node = { ahead: 0, delay: 2 };
  const setup = setUp([node]);
  await sampled(setup);
  const before = setup.server.now() - setup.clock.monotonic();
  Object.assign(node, { delay: 900, ahead: 100 });
  await sampled(setup);
  expect(setup.server.now() - setup.clock.monotonic()).toBe(before);
});

test('a clock that was set is believed at the next question', async () => {
  const node = { ahead: 0, delay: 2 };
  const setup = setUp([node]);
  await sampled(setup);
  node.ahead = -60_000;
  await sampled(setup);
  expect(setup.server.now()).toBeCloseTo(base - 60_000 + setup.clock.monotonic(), 1);
});

test('of many masters the one in the middle counts, and the floor has passed for all', async () => {
  const setup = setUp([
    { ahead: 0, delay: 2 },
    { ahead: 50, delay: 2 },
    { ahead: 9_000_000, delay: 2 },
  ]);
  await sampled(setup);
  const { clock, server } = setup;
  expect(server.now()).toBeCloseTo(base + 50 + clock.monotonic(), 1);
  const floorMs = server.floorUs() / 1000;
  expect(floorMs).toBeLessThan(base + clock.monotonic());
  expect(floorMs).toBeGreaterThan(base + clock.monotonic() - 200);
});

test('there is no floor while the clock of one master is not known', async () => {
  const setup = setUp([
    { ahead: 0, delay: 2 },
    { ahead: 0, delay: 2, fails: true },
  ]);
  await sampled(setup);
  expect(setup.server.floorUs()).toBe(0);
  expect(setup.server.now()).toBeGreaterThan(base);
});

test('there is no floor while a master that counts is not connected', async () => {
  const setup = setUp([{ ahead: 0, delay: 2 }], ['h:0', 'h:1']);
  await sampled(setup);
  expect(setup.server.floorUs()).toBe(0);
});

test('when no master answers, who waits is told why, and the next one asks again', async () => {
  const node: FakeNode = { ahead: 0, delay: 2, fails: true };
  const { clock, server } = setUp([node]);
  const first = failure(server.pending ?? Promise.resolve());
  await clock.advance(10);
  expect(String(await first)).toBe('Error: mapped: Error: away');
  node.fails = false;
  const second = server.pending;
  await clock.advance(10);
  await second;
  expect(server.pending).toBeUndefined();
});
