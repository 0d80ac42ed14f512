import { describe, expect, it } from 'vitest';
import { virtualClock } from '@parley/cache-core/kernel';
import type { ReadRequest, StreamPage } from '@parley/bus';
import { Checker } from '../src/checker.ts';
import { emptyStats } from '../src/stats.ts';

function checkerStage(read: (request: ReadRequest) => Promise<StreamPage> = async () => page(7)) {
  const clock = virtualClock();
  const stats = emptyStats();
  const asked: string[] = [];
  let draw = 0;
  const checker = new Checker({
    clock,
    stats,
    random: () => draw,
    read: (request) => {
      asked.push(`${request.channel} ${request.limit}@${clock.monotonic()}`);
      return read(request);
    },
  });
  const add = (name: string, { live = true, news = false } = {}) => {
    const told: string[] = [];
    const end = checker.add(30_000, {
      name,
      live,
      advanced: ({ epoch, offset }, asOf) => {
        told.push(`${epoch} ${offset} as of ${asOf}`);
        return news;
      },
    });
    return { told, end };
  };
  return { clock, stats, asked, add, drawNext: (value: number) => (draw = value) };
}

const page = (top: number): StreamPage => ({ epoch: 'e', top, oldest: 1, lineage: [], records: [] });

describe('positions that are checked', () => {
  it('are compared every 25 to 40 seconds, at times that are drawn anew', async () => {
    const { clock, asked, add, drawNext } = checkerStage();
    add('a');
    drawNext(0.999_999);
    await clock.advance(25_000);
    expect(asked).toEqual(['a 0@25000']);
    await clock.advance(39_999);
    expect(asked).toHaveLength(1);
    await clock.advance(2);
    expect(asked).toHaveLength(2);
  });

  it('are told where the log stood, as of the moment before it was asked', async () => {
    let answer: ((page: StreamPage) => void) | undefined;
    const { clock, add, stats } = checkerStage(() => new Promise((resolve) => (answer = resolve)));
    const one = add('a', { news: true });
    await clock.advance(26_000);
    answer?.(page(9));
    await clock.settle();
    expect([one.told, stats.lateFinds]).toEqual([['e 9 as of 25000'], 1]);
  });

  it('are not asked about while they are not live', async () => {
    const { clock, asked, add } = checkerStage();
    add('away', { live: false });
    add('here');
    await clock.advance(25_000);
    expect(asked).toEqual(['here 0@25000']);
  });

  it('are asked about again after a failure', async () => {
    const { clock, asked, add } = checkerStage(() => Promise.reject(new Error('away')));
    const one = add('a');
    await clock.advance(50_000);
    expect([asked.length, one.told]).toEqual([2, []]);
  });

  it('leave no timer when the last one goes, and begin again with the next', async () => {
    const { clock, asked, add } = checkerStage();
    const [one, two] = [add('a'), add('b')];
    one.end();
    expect(clock.pending).toBe(1);
    two.end();
    expect(clock.pending).toBe(0);
    add('c');
    await clock.advance(25_000);
    expect(asked).toEqual(['c 0@25000']);
  });
});
