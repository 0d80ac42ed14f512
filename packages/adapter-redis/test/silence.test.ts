import { virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SilenceWatch } from '../src/silence.ts';

/** A connection that is answered by hand. */
class Connection {
  readonly commandQueue = { length: 0 };
  stream = this.#open();
  given: number[] = [];
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  again(): void {
    this.stream = this.#open();
  }

  #open() {
    return { bytesRead: 0, destroy: () => this.given.push(this.#clock.monotonic()) };
  }
}

let clock: VirtualClock;
let one: Connection;
let other: Connection;
let watch: SilenceWatch;

beforeEach(() => {
  clock = virtualClock();
  [one, other] = [new Connection(clock), new Connection(clock)];
  watch = new SilenceWatch({ clock, limitMs: 800, nodes: () => [one, other] });
});
afterEach(() => watch.stop());

test('a server that owes an answer and sends nothing is given up after the limit and a quarter of it at the most', async () => {
  await clock.advance(10_050);
  one.commandQueue.length = 1;
  await clock.advance(2_000);
  const [at = 0] = one.given;
  expect(at).toBeGreaterThanOrEqual(10_850);
  expect(at).toBeLessThanOrEqual(11_050);
  expect(other.given).toEqual([]);
});

test('a server that owes nothing may be silent for ever', async () => {
  for (let i = 0; i < 100; i++) {
    one.commandQueue.length = 1;
    await clock.advance(90);
    one.stream.bytesRead += 1;
    one.commandQueue.length = 0;
    await clock.advance(700);
  }
  expect(one.given).toEqual([]);
});

test('as long as something comes, its other answers are waited for', async () => {
  one.commandQueue.length = 1;
  for (let i = 0; i < 10; i++) {
    await clock.advance(500);
    one.stream.bytesRead += 1;
  }
  expect(one.given).toEqual([]);
  await clock.advance(1_100);
  expect(one.given).toHaveLength(1);
});

test('what the connection before it owed does not count against a new one', async () => {
  one.commandQueue.length = 1;
  await clock.advance(600);
  one.again();
  await clock.advance(600);
  expect(one.given).toEqual([]);
});

test('a program that was held up reads first what it was sent', async () => {
  one.commandQueue.length = 1;
  await clock.advance(300);
  const late = clock.monotonic() + 5_000;
  clock.monotonic = () => late;
  await clock.advance(150);
  expect(one.given).toEqual([]);
});
