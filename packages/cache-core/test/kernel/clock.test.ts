import { InvalidArgument, systemClock } from '@parley/cache-core/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf, listenersOn } from './support.ts';

describe('systemClock', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the time of the machine', () => {
    vi.setSystemTime(1_700_000_000_123);
    expect(systemClock.now()).toBe(1_700_000_000_123);
    const before = systemClock.monotonic();
    vi.advanceTimersByTime(250);
    expect(systemClock.monotonic() - before).toBe(250);
  });

  it('fires a timer once, when its time has passed and not before', () => {
    const fired = vi.fn();
    systemClock.timer(100, fired);
    vi.advanceTimersByTime(99);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  it('waits on when the platform fires a little early', () => {
    const fired = vi.fn();
    const early = vi.spyOn(performance, 'now').mockReturnValue(0);
    systemClock.timer(100, fired);
    early.mockReturnValue(99.4);
    vi.advanceTimersByTime(100);
    expect(fired).not.toHaveBeenCalled();
    early.mockReturnValue(100);
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledTimes(1);
    early.mockRestore();
  });

  it('chains timers that are longer than the platform can hold', () => {
    const set = vi.spyOn(globalThis, 'setTimeout');
    const fired = vi.fn();
    const days = 100 * 86_400_000;
    systemClock.timer(days, fired);
    vi.advanceTimersByTime(days - 1);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledTimes(1);
    for (const [, ms] of set.mock.calls) expect(ms).toBeLessThan(2 ** 31);
    set.mockRestore();
  });

  it('takes a timer back, also between the links of a chain', () => {
    const fired = vi.fn();
    const timer = systemClock.timer(2 ** 31 + 50, fired);
    vi.advanceTimersByTime(2 ** 31);
    timer.cancel();
    timer.cancel();
    vi.advanceTimersByTime(1_000);
    expect(fired).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes what is below zero as due at once, and Infinity as never', () => {
    const fired = vi.fn();
    systemClock.timer(-5, fired);
    expect(fired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledTimes(1);
    systemClock.timer(Infinity, fired).cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses a length that is no number', () => {
    expect(() => systemClock.timer(Number.NaN, () => {})).toThrow(InvalidArgument);
  });

  it('sleeps', async () => {
    let awake = false;
    const sleeping = systemClock.sleep(50).then(() => (awake = true));
    await vi.advanceTimersByTimeAsync(49);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await sleeping).toBe(true);
  });

  it('is woken by the signal with an error, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const sleeping = failureOf(systemClock.sleep(50, { signal: controller.signal }));
    controller.abort('enough');
    expect(await sleeping).toMatchObject({ code: 'ABORTED', cause: 'enough' });
    expect(vi.getTimerCount()).toBe(0);
    expect(listenersOn(controller.signal)).toBe(0);
    expect(await failureOf(systemClock.sleep(50, { signal: controller.signal }))).toMatchObject({
      code: 'ABORTED',
    });
  });

  it('leaves nothing on the signal after a whole sleep', async () => {
    const { signal } = new AbortController();
    const sleeping = systemClock.sleep(50, { signal });
    expect(listenersOn(signal)).toBe(1);
    await vi.advanceTimersByTimeAsync(50);
    await sleeping;
    expect(listenersOn(signal)).toBe(0);
  });

  it('keeps the process alive unless told otherwise', () => {
    vi.useRealTimers();
    const keepers = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = keepers();
    const kept = systemClock.timer(60_000, () => {});
    const housekeeping = systemClock.timer(60_000, () => {}, { unref: true });
    expect(keepers() - before).toBe(1);
    kept.cancel();
    housekeeping.cancel();
    expect(keepers() - before).toBe(0);
  });
});
