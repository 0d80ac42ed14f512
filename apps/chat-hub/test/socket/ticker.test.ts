import { virtualClock, type Clock } from '@parley/cache-core/kernel';
import { expect, test } from 'vitest';
import { Ticker, type Flushed } from '../../src/socket/ticker.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A ticker whose writing takes as long as it is told. */
function costly(costMs: number) {
  const time = virtualClock();
  let spentMs = 0;
  const clock: Clock = {
    now: () => time.now(),
    monotonic: () => time.monotonic() + spentMs,
    timer: (ms, fn, options) => time.timer(ms, fn, options),
    sleep: (ms, options) => time.sleep(ms, options),
  };
  const ticker = new Ticker(clock);
  const written: string[] = [];
  const outlet = (name: string): Flushed => ({
    flush() {
      written.push(name);
      spentMs += costMs;
    },
  });
  return { ticker, time, written, outlet };
}

test('what is said at rest is written at the end of the turn, to each once', async () => {
  const { ticker, time, written, outlet } = costly(0.1);
  const [a, b] = [outlet('a'), outlet('b')];
  for (let times = 0; times < 3; times += 1) {
    ticker.add(a);
    ticker.add(b);
    ticker.add(a);
    expect(written.splice(0)).toEqual([]);
    await turn();
    expect(written.splice(0)).toEqual(['a', 'b']);
  }
  expect(time.pending).toBe(0);
});

test('after writing that took long, more is gathered for three times as long', async () => {
  const { ticker, time, written, outlet } = costly(2);
  const a = outlet('a');
  ticker.add(a);
  await turn();
  expect(written.splice(0)).toEqual(['a']);
  ticker.add(a);
  await time.advance(4);
  ticker.add(outlet('b'));
  await time.advance(1.9);
  expect(written).toEqual([]);
  await time.advance(0.1);
  expect(written.splice(0)).toEqual(['a', 'b']);
  await time.advance(100);
  ticker.add(a);
  await turn();
  expect(written).toEqual(['a']);
});

test('nobody waits longer than 8 ms, however long writing takes', async () => {
  const { ticker, time, written, outlet } = costly(500);
  const a = outlet('a');
  ticker.add(a);
  await turn();
  ticker.add(a);
  await time.advance(7.9);
  expect(written).toEqual(['a']);
  await time.advance(0.1);
  expect(written).toEqual(['a', 'a']);
});
