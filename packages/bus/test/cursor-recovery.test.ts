import type { Position } from '@parley/bus';
import { describe, expect, it } from 'vitest';
import { follow, live, ScriptedLog, type Followed } from './scripted-log.ts';

describe('what cannot be read any more', () => {
  it('is told as a gap when the log was trimmed, with how much is missing', async () => {
    const { log, one } = await live(1);
    one.cursor.lost();
    log.append(5);
    log.trim(4);
    one.cursor.joined();
    await one.answerAll();
    expect(one.told[0]).toEqual({
      gap: {
        channel: 'c',
        reason: 'trimmed',
        from: { epoch: 'e1', offset: 1 },
        to: { epoch: 'e1', offset: 4 },
        missing: 3,
      },
    });
    expect(one.delivered).toEqual(['gap trimmed', '5', '6']);
    expect(one.stats.gaps).toBe(1);
  });

  it('is told as a gap when the log is another one, and all of that is new', async () => {
    const { log, one } = await live(3);
    one.cursor.lost();
    log.loseAll();
    log.append(2);
    one.cursor.joined();
    await one.answerAll();
    expect(one.told[0]).toEqual({
      gap: {
        channel: 'c',
        reason: 'epoch',
        from: { epoch: 'e1', offset: 3 },
        to: { epoch: 'e2', offset: 0 },
        missing: undefined,
      },
    });
    expect(one.delivered).toEqual(['gap epoch', '1', '2']);
  });

  it('is told as two gaps when the other log is trimmed too', async () => {
    const { log, one } = await live(3);
    one.cursor.lost();
    log.loseAll();
    log.append(5);
    log.trim(2);
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['gap epoch', 'gap trimmed', '3', '4', '5']);
  });

  it('with a lineage: what both logs have in common is not delivered again', async () => {
    const { log, one } = await live(0);
    one.cursor.records('e1', log.append(5));
    one.cursor.lost();
    log.failOver(2);
    log.append(2);
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2', '3', '4', '5', 'gap epoch', '4', '5']);
    expect(one.told[5]).toMatchObject({ gap: { to: { epoch: 'e2', offset: 3 } } });
  });

  it('is not delivered twice when it was sent again to the server that had lost it', async () => {
    const { log, one } = await live(0);
    const records = log.append(5);
    one.cursor.records('e1', records);
    one.cursor.lost();
    log.failOver(2);
    log.append(1);
    for (const lost of records.slice(3)) log.appendAgain(lost);
    log.append(1);
    one.cursor.joined();
    await one.answerAll();
    const ids = one.told.map((entry) => ('gap' in entry ? 'gap' : entry.id));
    expect(ids).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'gap', 'r6', 'r7']);
    expect(one.cursor.position).toEqual({ epoch: 'e2', offset: 7 });
    expect(one.cursor.live).toBe(true);
    expect(one.stats.duplicates).toBe(2);
  });

  it('is told up to where an earlier epoch was the same, when the last one is unknown to who took over', async () => {
    const { log, one } = await live(0);
    one.cursor.records('e1', log.append(5));
    one.cursor.lost();
    log.failOver(0);
    one.cursor.joined();
    await one.answerAll();
    const earlier = log.lineage;
    one.cursor.records('e2', log.append(2));
    one.cursor.lost();
    log.failOver(2);
    // The server that died was alone with its epoch.
    log.lineage = earlier;
    log.append(1);
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2', '3', '4', '5', 'gap epoch', '6', '7', 'gap epoch', '6']);
    expect(one.told[8]).toMatchObject({
      gap: { from: { epoch: 'e2', offset: 7 }, to: { epoch: 'e3', offset: 5 } },
    });
  });

  it('with a lineage, when it was behind the point of change: nothing is missed', async () => {
    const { log, one } = await live(0);
    one.cursor.records('e1', log.append(2));
    one.cursor.lost();
    log.append(3);
    log.failOver(1);
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2', 'gap epoch', '3', '4']);
    expect(one.told[2]).toMatchObject({ gap: { to: { epoch: 'e2', offset: 2 } } });
  });

  it('behind the end of a log that should not be shorter: the end may have been lost, and all of it is read', async () => {
    const log = new ScriptedLog();
    log.append(2);
    const one = follow(log, { epoch: 'e1', offset: 9 });
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['gap epoch', '1', '2']);
  });

  it('behind a position of an epoch that nobody knows: a gap', async () => {
    const log = new ScriptedLog();
    log.append(1);
    const one = follow(log, { epoch: 'unknown', offset: 4 });
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['gap epoch', '1']);
  });
});

describe('a cursor whose reader has no room', () => {
  it('stops there, and reads on from there when there is room', async () => {
    const { log, one } = await live();
    one.room.left = 2;
    one.cursor.records('e1', log.append(4));
    expect(one.delivered).toEqual(['1', '2']);
    expect(one.states).toEqual([true, false]);
    one.cursor.records('e1', log.append(1));
    expect(one.asked).toEqual([]);
    one.room.left = Infinity;
    one.cursor.resume();
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2', '3', '4', '5']);
    expect(one.states).toEqual([true, false, true]);
  });

  it('stops in the middle of a page too', async () => {
    const log = new ScriptedLog();
    log.append(5);
    const one = follow(log, 'oldest');
    one.room.left = 2;
    one.cursor.joined();
    await one.answer();
    expect(one.delivered).toEqual(['1', '2']);
    expect(one.cursor.live).toBe(false);
    one.room.left = Infinity;
    one.cursor.resume();
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2', '3', '4', '5']);
  });

  it('takes no notice of room that it did not wait for', async () => {
    const { one } = await live();
    one.cursor.resume();
    expect(one.asked).toEqual([]);
  });
});

describe('a cursor whose reads fail', () => {
  it('tries again with growing pauses, and is live when one succeeds', async () => {
    const log = new ScriptedLog();
    log.append(1);
    const one = follow(log, 'oldest');
    one.cursor.joined();
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const failedAt = one.clock.monotonic();
      await one.fail();
      while (one.asked.length === 0) await one.clock.advance(1);
      pauses.push(one.clock.monotonic() - failedAt);
    }
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses[0]).toBeLessThan(60);
    expect(pauses.at(-1)).toBeLessThan(2_000);
    await one.answerAll();
    expect(one.delivered).toEqual(['1']);
  });

  it('keeps what is pushed meanwhile', async () => {
    const { log, one } = await live();
    one.cursor.advanced({ epoch: 'e1', offset: 1 });
    one.cursor.records('e1', log.append(2));
    await one.fail();
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2']);
  });

  it('stops trying when the subscription ends', async () => {
    const log = new ScriptedLog();
    const one = follow(log);
    one.cursor.joined();
    await one.fail();
    one.end();
    await one.clock.advance(10_000);
    expect([one.asked.length, one.clock.pending]).toEqual([0, 0]);
  });
});

describe('a cursor that has lost its feed', () => {
  it('goes on where it was when it has joined again, and says so', async () => {
    const { log, one } = await live();
    one.cursor.records('e1', log.append(1));
    one.cursor.lost();
    one.cursor.records('e1', log.append(1));
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['1', '2']);
    expect(one.states).toEqual([true, false, true]);
  });

  it('takes no answer of a read from before', async () => {
    const { log, one } = await live();
    one.cursor.advanced({ epoch: 'e1', offset: 1 });
    const [early] = one.asked.splice(0);
    one.cursor.lost();
    log.append(1);
    early?.answer(log.page({ channel: 'c', after: undefined, limit: 10 }));
    await one.clock.settle();
    expect(one.delivered).toEqual([]);
    one.cursor.joined();
    await one.answerAll();
    expect(one.delivered).toEqual(['1']);
  });

  it('says nothing of checks while it is away', async () => {
    const { one } = await live();
    one.cursor.lost();
    expect(one.cursor.advanced({ epoch: 'e1', offset: 5 }, 99)).toBe(false);
    expect(one.cursor.verifiedAt).toBeLessThan(99);
  });
});

describe('a cursor that is closed by who was given a record', () => {
  const closeAt = (one: Followed, offset: number): void => {
    const { push } = one.told;
    one.told.push = (...items) => {
      const length = push.apply(one.told, items);
      if (one.cursor.position?.offset === offset) one.end();
      return length;
    };
  };
  const stopped: Position = { epoch: 'e1', offset: 2 };

  it('stays behind that record, when several were pushed', async () => {
    const { log, one } = await live();
    closeAt(one, 2);
    one.cursor.records('e1', log.append(4));
    expect([one.cursor.position, one.delivered]).toEqual([stopped, ['1', '2']]);
  });

  it('stays behind that record, in the middle of a page', async () => {
    const log = new ScriptedLog();
    log.append(4);
    const one = follow(log, 'oldest');
    closeAt(one, 2);
    one.cursor.joined();
    await one.answerAll();
    expect([one.cursor.position, one.delivered]).toEqual([stopped, ['1', '2']]);
    expect(one.states).toEqual([]);
  });

  it('stays behind the gap, when it is closed there', async () => {
    const log = new ScriptedLog();
    log.append(4);
    log.trim(2);
    const one = follow(log, { epoch: 'e1', offset: 1 });
    closeAt(one, 2);
    one.cursor.joined();
    await one.answerAll();
    expect([one.cursor.position, one.delivered]).toEqual([stopped, ['gap trimmed']]);
  });
});
