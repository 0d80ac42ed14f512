import { describe, expect, it } from 'vitest';
import { follow, live, ScriptedLog } from './scripted-log.ts';

describe('where a cursor begins', () => {
  it('now: behind what is there, and live after one read that asks for no records', async () => {
    const { one } = await live(3);
    expect(one.asked).toEqual([]);
    expect(one.cursor.position).toEqual({ epoch: 'e1', offset: 3 });
    expect(one.told).toEqual([]);
  });

  it('now, with a place that is known already: behind it', async () => {
    const log = new ScriptedLog();
    log.append(3);
    const one = follow(log);
    one.cursor.joined({ epoch: 'e1', offset: 1 });
    await one.answer();
    expect(one.delivered).toEqual(['2', '3']);
  });

  it('oldest: with the first record that is kept, without a gap for those that are gone', async () => {
    const log = new ScriptedLog();
    log.append(5);
    log.trim(2);
    const one = follow(log, 'oldest');
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['3', '4', '5']);
    expect(one.cursor.live).toBe(true);
  });

  it('behind a position: with the record after it', async () => {
    const log = new ScriptedLog();
    log.append(4);
    const one = follow(log, { epoch: 'e1', offset: 2 });
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['3', '4']);
  });

  it('reads on page by page until it is at the end', async () => {
    const log = new ScriptedLog();
    log.append(1_000);
    const one = follow(log, 'oldest');
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toHaveLength(1_000);
    expect(one.cursor.position?.offset).toBe(1_000);
  });
});

describe('what is pushed to a live cursor', () => {
  it('is delivered when it follows, without a read', async () => {
    const { log, one } = await live();
    one.cursor.records('e1', log.append(2));
    expect(one.delivered).toEqual(['1', '2']);
    expect(one.asked).toEqual([]);
  });

  it('is dropped when it was delivered before', async () => {
    const { log, one } = await live();
    const records = log.append(2);
    one.cursor.records('e1', records);
    one.cursor.records('e1', records);
    expect(one.delivered).toEqual(['1', '2']);
    expect(one.stats.duplicates).toBe(2);
  });

  it('makes it read when something is missing before it, and comes after that', async () => {
    const { log, one } = await live();
    log.append(2);
    one.cursor.records('e1', log.append(1));
    expect(one.delivered).toEqual([]);
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2', '3']);
    expect(one.stats).toMatchObject({ repaired: 1, gaps: 0 });
    expect(one.states).toEqual([true]);
  });

  it('waits while it reads, and is delivered behind the page', async () => {
    const { log, one } = await live();
    log.append(1);
    one.cursor.advanced({ epoch: 'e1', offset: 1 });
    one.cursor.records('e1', log.append(2));
    await one.answer(true);
    expect(one.delivered).toEqual(['1', '2', '3']);
    expect(one.cursor.live).toBe(true);
  });

  it('is not lost when it comes between the joining and the answer of the first read', async () => {
    const log = new ScriptedLog();
    log.append(2);
    const one = follow(log);
    one.cursor.joined();
    const [asked] = one.asked;
    one.cursor.records('e1', log.append(1));
    asked?.answer(asked.snapshot);
    await one.clock.settle();
    expect(one.delivered).toEqual(['3']);
  });

  it('is read again when more came than it keeps while it reads', async () => {
    const { log, one } = await live();
    one.cursor.advanced({ epoch: 'e1', offset: 1 });
    for (let i = 0; i < 30; i++) one.cursor.records('e1', log.append(100));
    await one.answer(true);
    await one.answerAll();
    expect(one.delivered).toHaveLength(3_000);
    expect(one.stats.gaps).toBe(0);
  });

  it('of another epoch makes it read', async () => {
    const { log, one } = await live(2);
    log.loseAll();
    one.cursor.records('e2', log.append(1));
    await one.answerAll();
    expect(one.delivered).toEqual(['gap epoch', '1']);
  });

  it('of an epoch that is over does not keep it from being live', async () => {
    const { log, one } = await live(2);
    const old = log.append(1);
    log.loseAll();
    one.cursor.records('e2', log.append(1));
    one.cursor.records('e1', old);
    await one.answerAll();
    expect(one.delivered).toEqual(['gap epoch', '1']);
    expect(one.cursor.live).toBe(true);
  });

  it('means nothing before it has joined', async () => {
    const log = new ScriptedLog();
    const one = follow(log, 'oldest');
    one.cursor.records('e1', log.append(1));
    expect(one.asked).toEqual([]);
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['1']);
  });
});

describe('a cursor that is only told how far the log has come', () => {
  it('reads what is missing, and says that this was news', async () => {
    const { log, one } = await live();
    log.append(2);
    expect(one.cursor.advanced({ epoch: 'e1', offset: 2 })).toBe(true);
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2']);
  });

  it('reads nothing when it is there already, and vouches for the moment that was asked at', async () => {
    const { one } = await live(2);
    expect(one.cursor.advanced({ epoch: 'e1', offset: 2 }, 77)).toBe(false);
    expect(one.asked).toEqual([]);
    expect(one.cursor.verifiedAt).toBe(77);
  });

  it('reads again when it was told of more than the page held', async () => {
    const { log, one } = await live();
    log.append(1);
    one.cursor.advanced({ epoch: 'e1', offset: 1 });
    log.append(1);
    one.cursor.advanced({ epoch: 'e1', offset: 2 });
    await one.answer(true);
    expect(one.cursor.live).toBe(false);
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2']);
  });

  it('keeps in mind the furthest it was told of, also when older news come later', async () => {
    const { log, one } = await live();
    log.append(1);
    one.cursor.advanced({ epoch: 'e1', offset: 1 });
    log.append(1);
    one.cursor.advanced({ epoch: 'e1', offset: 2 });
    one.cursor.advanced({ epoch: 'e1', offset: 1 });
    await one.answer(true);
    expect(one.cursor.live).toBe(false);
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2']);
  });
});
