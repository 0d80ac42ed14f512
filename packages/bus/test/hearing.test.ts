import type { StoredRecord } from '@parley/bus';
import { describe, expect, it } from 'vitest';
import { hang, watch } from './support.ts';
import { hearingStage } from './scripted-feed.ts';

const record = (id: string): StoredRecord => ({ offset: 1, at: 0, id, body: '' });
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `t:${i}`);

describe('names that are followed', () => {
  it('in one turn are joined by one call, in batches of at most 512, one after the other', async () => {
    const { clock, joinings, follow } = hearingStage();
    names(1_000).forEach((name) => follow(name));
    await clock.settle();
    expect(joinings.map((one) => one.names.length)).toEqual([512]);
    await joinings[0]?.succeed();
    expect(joinings.map((one) => one.names.length)).toEqual([512, 488]);
  });

  it('are joined once for all who follow them, and each is told', async () => {
    const { clock, joinings, follow } = hearingStage();
    const one = follow('t:a');
    const two = follow('t:a');
    await clock.settle();
    await joinings[0]?.succeed();
    const late = follow('t:a');
    await clock.settle();
    expect([one.heard, two.heard, late.heard]).toEqual([['joined'], ['joined'], ['joined']]);
    expect(joinings).toHaveLength(1);
  });

  it('are heard by their own followers, and by those of their topic', async () => {
    const { clock, joinings, follow, listener } = hearingStage();
    const [a, b, topic, queue] = [follow('t:a'), follow('t:b'), follow('t', 'topic'), follow('t:a', 'queue')];
    for (let i = 0; i < 3; i++) {
      await clock.settle();
      await joinings[i]?.succeed();
    }
    listener.records('t:a', 'e', [record('1'), record('2')]);
    listener.advanced('t:b', { epoch: 'e', offset: 7 });
    listener.signal('channel', 't:a', 'x');
    listener.signal('topic', 't:c', 'y');
    listener.work('t:a');
    listener.work('unknown');
    expect(a.heard).toEqual(['joined', 't:a 1 2', 't:a says x']);
    expect(b.heard).toEqual(['joined', 't:b at 7']);
    expect(topic.heard).toEqual(['joined', 't:a 1 2', 't:b at 7', 't:c says y']);
    expect(queue.heard).toEqual(['joined', 'work']);
  });
});

describe('a follower that goes', () => {
  it('leaves the name to the others, and the last one leaves it', async () => {
    const { clock, hearing, joinings, follow, left, listener } = hearingStage();
    const [one, two] = [follow('t:a'), follow('t:a')];
    await clock.settle();
    await joinings[0]?.succeed();
    one.leave();
    one.leave();
    listener.signal('channel', 't:a', 'x');
    expect([one.heard, two.heard, left]).toEqual([['joined'], ['joined', 't:a says x'], []]);
    two.leave();
    expect([left, hearing.channels]).toEqual([['channel t:a'], 0]);
  });

  it('while the name is being joined: it is left when it has been', async () => {
    const { clock, joinings, follow, left } = hearingStage();
    const one = follow('t:a');
    await clock.settle();
    one.leave();
    expect(left).toEqual([]);
    await joinings[0]?.succeed();
    expect([one.heard, left]).toEqual([[], ['channel t:a']]);
  });

  it('while a joining fails that may have succeeded all the same: it is left too', async () => {
    const { clock, hearing, follow, left } = hearingStage();
    const one = follow('t:a');
    await clock.settle();
    one.leave();
    await clock.advance(4_000);
    expect([left, hearing.missing]).toEqual([['channel t:a'], 0]);
  });

  it('and comes back while it is being joined is joined again', async () => {
    const { clock, joinings, follow, left } = hearingStage();
    follow('t:a').leave();
    const early = follow('t:a');
    await clock.settle();
    early.leave();
    const again = follow('t:a');
    await joinings[0]?.succeed();
    await joinings[1]?.succeed();
    expect([again.heard, left]).toEqual([['joined'], []]);
  });
});

describe('a joining that fails', () => {
  it('is tried again after a pause that is drawn anew each time, with fewer names', async () => {
    const { clock, joinings, follow, hearing, draws } = hearingStage();
    const all = names(512).map((name) => follow(name));
    for (const size of [512, 256, 128, 64]) {
      while (joinings.length === 0) await clock.advance(10);
      expect(joinings[0]?.names).toHaveLength(size);
      // Those that are being joined are not heard yet.
      expect(hearing.missing).toBe(512);
      await joinings.shift()?.fail();
    }
    expect(draws.length).toBeGreaterThanOrEqual(4);
    expect(clock.monotonic()).toBeLessThan(4_000);
    while (joinings.length === 0) await clock.advance(10);
    while (joinings.length > 0) await joinings.shift()?.succeed();
    expect(all.every(({ heard }) => heard.join() === 'joined')).toBe(true);
  });

  it('because nobody answers is given up after a while, and its signal is aborted', async () => {
    const { clock, joinings, follow } = hearingStage();
    const one = follow('t:a');
    await clock.advance(4_000);
    expect(joinings[0]?.signal?.aborted).toBe(true);
    await clock.advance(3_000);
    await joinings[1]?.succeed();
    expect(one.heard).toEqual(['joined']);
  });

  it('for one name keeps nobody else out, neither of its kind nor of another', async () => {
    const { clock, joinings, follow } = hearingStage();
    const bad = follow('t:bad');
    const good = names(20).map((name) => follow(name));
    const topic = follow('t', 'topic');
    const queue = follow('t:workers', 'queue');
    for (let round = 0; round < 100; round++) {
      const next = joinings.shift();
      if (next === undefined) await clock.advance(200);
      else if (next.names.includes('t:bad')) await next.fail();
      else await next.succeed();
    }
    expect(bad.heard).toEqual([]);
    expect([...good, topic, queue].every(({ heard }) => heard.join() === 'joined')).toBe(true);
  });
});

describe('a loss', () => {
  it('is told to all followers, and mended after a drawn pause', async () => {
    const { clock, joinings, follow, listener, hearing, stats } = hearingStage();
    const [one, two] = [follow('t:a'), follow('t:b')];
    await clock.settle();
    await joinings.shift()?.succeed();
    listener.lost('channel', ['t:a', 't:unknown'], 'the connection broke');
    expect([one.heard, two.heard]).toEqual([['joined', 'lost: the connection broke'], ['joined']]);
    expect(hearing.missing).toBe(1);
    expect(joinings).toEqual([]);
    while (joinings.length === 0) await clock.advance(1);
    await joinings[0]?.succeed();
    expect(one.heard.at(-1)).toBe('joined');
    expect([stats.recoveries, stats.resubscribeMs]).toEqual([1, clock.monotonic()]);
  });

  it('of ten thousand names comes back in batches, none larger than 512 and one at a time', async () => {
    const { clock, joinings, follow, listener, hearing, stats } = hearingStage();
    const all = names(10_000);
    all.forEach((name) => follow(name));
    await clock.settle();
    while (joinings.length > 0) await joinings.shift()?.succeed();
    listener.lost('channel', all, 'the server is gone');
    await clock.advance(200);
    let calls = 0;
    while (joinings.length > 0) {
      expect(joinings).toHaveLength(1);
      expect(joinings[0]?.names.length).toBeLessThanOrEqual(512);
      calls += 1;
      await joinings.shift()?.succeed();
    }
    expect([calls, hearing.missing, stats.recoveries]).toEqual([20, 0, 10_000]);
  });

  it('of what is not joined means nothing', async () => {
    const { clock, follow, listener, hearing } = hearingStage();
    const one = follow('t:a');
    await clock.settle();
    listener.lost('channel', ['t:a'], 'early');
    expect([one.heard, hearing.missing]).toEqual([[], 1]);
  });
});

describe('a hearing that is closed', () => {
  it('joins and leaves nothing more, and has no timer left', async () => {
    const { clock, joinings, follow, hearing, listener, left } = hearingStage();
    const one = follow('t:a');
    await clock.settle();
    await joinings[0]?.succeed();
    listener.lost('channel', ['t:a'], 'gone');
    const closed = watch(hearing.close(), clock);
    await clock.settle();
    expect(clock.pending).toBe(0);
    one.leave();
    follow('t:b');
    await clock.advance(10_000);
    expect([closed.outcome, joinings.length, left, clock.pending]).toEqual(['undefined@0', 1, [], 0]);
  });

  it('does not wait for a feed that does not end', async () => {
    const { clock, hearing } = hearingStage({ feed: { close: hang } });
    const closed = watch(hearing.close(), clock);
    await clock.advance(4_000);
    expect(closed.outcome).toBe('undefined@4000');
  });

  it('while it joins ends quietly', async () => {
    const { clock, follow, hearing, joinings } = hearingStage();
    follow('t:a');
    await clock.settle();
    await hearing.close();
    await joinings[0]?.fail();
    await clock.advance(10_000);
    expect([joinings.length, clock.pending]).toEqual([1, 0]);
  });
});
