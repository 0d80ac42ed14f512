import { virtualClock } from '@parley/cache-core/kernel';
import type { Reaped, ReapTime } from '@parley/presence';
import { describe, expect, test } from 'vitest';
import { answersOf, type Answer } from '../../src/presence/answers.ts';
import { reapedOf, reapTerms } from '../../src/presence/reaped.ts';

const away = { failure: new Error('away') };
const gatherMs = 5_000;

/** Something has ended, and nothing else will. */
const answer = (now: number): Answer => ({ value: [1, '0', now] });

/** One call after the other: when each partition answers, if it does, and up to when it was allowed to take something out. */
class Reaps {
  #moment: string | undefined;

  take(...times: readonly (number | undefined)[]): { latest: (number | '')[]; reaped: Reaped } {
    const within: ReapTime | undefined =
      this.#moment === undefined ? undefined : { moment: this.#moment, ms: 3_000, gatherMs };
    const terms = reapTerms(within, times.length);
    const reaped = reapedOf(
      times.map((now) => (now === undefined ? away : answer(now))),
      terms,
    );
    this.#moment = reaped.moment;
    return { latest: terms.map(({ latest }) => latest), reaped };
  }
}

describe('reaping in the partitions of a cluster', () => {
  test('each says by its own clock up to when it may', () => {
    const reaps = new Reaps();
    expect(reaps.take(10_000, 70_000)).toMatchObject({ latest: ['', ''], reaped: { more: true } });
    expect(reaps.take(11_000, 71_000).latest).toEqual([13_000, 73_000]);
  });

  test('one that was away takes nothing out until those in it had the time to come back; the others go on', () => {
    const reaps = new Reaps();
    reaps.take(10_000, 70_000);
    expect(reaps.take(12_000, undefined).reaped).toMatchObject({ failure: away.failure, more: true });
    expect(reaps.take(14_000, undefined).latest).toEqual([15_000, 0]);
    // It is back, and says when; what has ended in it is not to be taken out at once.
    const back = reaps.take(undefined, 100_000);
    expect(back.latest).toEqual([17_000, 0]);
    expect(back.reaped).toMatchObject({ more: false, nextMs: gatherMs });
    expect(reaps.take(20_000, 103_000)).toMatchObject({ latest: [0, 0], reaped: { nextMs: 2_000 } });
    expect(reaps.take(22_000, 105_500)).toMatchObject({ latest: [0, 0], reaped: { nextMs: 0 } });
    expect(reaps.take(25_500, 107_000).latest).toEqual([0, 108_500]);
    expect(reaps.take(26_000, 107_500).latest).toEqual([28_500, 110_000]);
  });

  test('after a call that reached nobody all of them may have been away', () => {
    const [term] = reapTerms({ moment: '', ms: 0, gatherMs }, 1);
    expect(term).toMatchObject({ latest: 0, back: 0 });
  });

  test('the first of what ends anywhere is waited for', () => {
    const none: Answer = { value: [0, '', 5] };
    expect(reapedOf([none, none], reapTerms(undefined, 2))).toMatchObject({ more: false, nextMs: undefined });
    const later: Answer = { value: [0, '300', 5] };
    expect(reapedOf([later, none, { value: [0, '200', 5] }], reapTerms(undefined, 3)).nextMs).toBe(200);
  });
});

describe('answers of parts', () => {
  test('do not wait for ever for one that says nothing, when another one has answered', async () => {
    const clock = virtualClock();
    const one = Promise.withResolvers<string>();
    const answers = answersOf([one.promise, new Promise(() => undefined), Promise.reject(away.failure)], {
      clock,
      waitMs: 1_000,
    });
    await clock.advance(5_000);
    one.resolve('here');
    await clock.settle();
    await clock.advance(1_000);
    expect(await answers).toEqual([
      { value: 'here' },
      { failure: expect.objectContaining({ code: 'STORE_UNAVAILABLE' }) },
      away,
    ]);
    expect(clock.pending).toBe(0);
  });

  test('are given as soon as all are there, and fail when none is', async () => {
    const clock = virtualClock();
    const both = [Promise.resolve(1), Promise.resolve(2)];
    expect(await answersOf(both, { clock, waitMs: 1_000 })).toEqual([{ value: 1 }, { value: 2 }]);
    const none = [Promise.reject(away.failure), Promise.reject(new Error('also'))];
    await expect(answersOf(none, { clock, waitMs: 1_000 })).rejects.toThrow('away');
    await clock.settle();
    expect(clock.pending).toBe(0);
  });
});
