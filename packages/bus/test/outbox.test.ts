import { StoreUnavailable } from '@parley/cache-core/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { outboxStage, outcomes } from './scripted-outbox.ts';

const away = new StoreUnavailable('away');

let { clock, calls, outbox, push, all, resent } = outboxStage();
beforeEach(() => {
  ({ clock, calls, outbox, push, all, resent } = outboxStage());
});

describe('what is pushed in one turn', () => {
  it('travels together, and each gets its own reply', async () => {
    const pushed = push(outbox(), '1 2 3');
    await clock.settle();
    expect(all()).toEqual(['1 2 3']);
    await calls[0]?.answer();
    expect(outcomes(pushed)).toEqual(['1!@0', '2!@0', '3!@0']);
  });

  it('is cut into batches by count and by bytes, in order', async () => {
    const box = outbox({ maxBatch: 2, maxBytes: 1e9 });
    push(box, '1 2 3');
    push(box, '4 5', { lane: 'b', bytes: 3 * 1024 * 1024 });
    await clock.settle();
    expect(all()).toEqual(['1 2', '4']);
    await calls[0]?.answer();
    await calls[1]?.answer();
    expect(all()).toEqual(['1 2', '4', '3', '5']);
  });
});

describe('one lane', () => {
  it('has one batch under way at a time, while others go on', async () => {
    const box = outbox();
    push(box, '1 2');
    await clock.settle();
    push(box, '3');
    push(box, 'x', { lane: 'b' });
    await clock.settle();
    expect(all()).toEqual(['1 2', 'x']);
    await calls[0]?.answer();
    expect(all()).toEqual(['1 2', 'x', '3']);
  });

  it('sends first what failed, with the time since it was first sent, and only for what was sent', async () => {
    const box = outbox();
    const pushed = push(box, '1 2');
    await clock.settle();
    await clock.advance(100);
    push(box, '3');
    await calls[0]?.fail(away);
    await clock.advance(100);
    expect(calls[1]?.parcels).toEqual([
      { item: '1', sinceMs: 128 },
      { item: '2', sinceMs: 128 },
      { item: '3', sinceMs: undefined },
    ]);
    expect(resent()).toBe(2);
    await calls[1]?.fail(away);
    await clock.advance(100);
    expect(calls[2]?.parcels.map(({ sinceMs }) => sinceMs)).toEqual([253, 253, 125]);
    await calls[2]?.answer();
    expect(outcomes(pushed)).toEqual(['1!@300', '2!@300']);
  });
});

describe('while the broker is away', () => {
  it('tries again with growing pauses of at most a second, all lanes together', async () => {
    const box = outbox();
    push(box, '1', { within: 600_000 });
    push(box, '2', { lane: 'b', within: 600_000 });
    const at: number[] = [];
    for (let i = 0; i < 10; i++) {
      while (calls.length === 0) await clock.advance(5);
      expect(all()).toEqual(['1 2']);
      at.push(clock.monotonic());
      await calls.shift()?.fail(away);
    }
    const pauses = at.slice(1).map((time, i) => time - (at[i] ?? 0));
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
    expect(pauses.at(-1)).toBeLessThanOrEqual(1_000);
  });

  it('a call without an answer is given up and tried again', async () => {
    const box = outbox();
    const pushed = push(box, '1');
    await clock.advance(1_000);
    expect(calls[0]?.signal?.aborted).toBe(true);
    await clock.advance(100);
    expect(calls[1]?.parcels).toEqual([{ item: '1', sinceMs: 1_028 }]);
    await calls[1]?.answer();
    expect(outcomes(pushed)).toEqual(['1!@1100']);
  });

  it('each promise settles by its own deadline, whichever was pushed first', async () => {
    const box = outbox({ attemptMs: 60_000 });
    const long = push(box, '1', { within: 50_000 });
    const short = push(box, '2', { lane: 'b', within: 300 });
    const middle = push(box, '3', { lane: 'c', within: 2_000 });
    await clock.advance(10_000);
    expect(outcomes([...long, ...short, ...middle])).toEqual([
      undefined,
      'DEADLINE_EXCEEDED@300',
      'DEADLINE_EXCEEDED@2000',
    ]);
    await clock.advance(40_000);
    expect(outcomes(long)).toEqual(['DEADLINE_EXCEEDED@50000']);
    expect(box.waiting).toEqual({ messages: 0, bytes: 0 });
  });

  it('tells what was certainly not sent from what may have been, and why it failed', async () => {
    const box = outbox();
    const [sent] = push(box, '1', { within: 500 });
    await clock.settle();
    await calls[0]?.fail(away);
    await clock.advance(100);
    const [kept] = push(box, '2', { within: 500 });
    await clock.advance(500);
    expect(sent?.error).toMatchObject({ cause: away, evidence: { outcome: 'unknown', waitedMs: 500 } });
    expect(kept?.error).toMatchObject({ evidence: { outcome: 'not sent' } });
  });

  it('nothing is sent whose sender has been told that it was not', async () => {
    const box = outbox({ attemptMs: 60_000 });
    push(box, '1');
    await clock.settle();
    push(box, '2', { within: 60_000 });
    const [gone] = push(box, '3', { within: 100 });
    push(box, '4', { within: 60_000 });
    await clock.advance(200);
    expect(gone?.error).toMatchObject({ evidence: { outcome: 'not sent' } });
    await calls[0]?.answer();
    expect(all()).toEqual(['1', '2 4']);
  });

  it('what has expired is not tried again', async () => {
    const box = outbox();
    push(box, '1', { within: 100 });
    push(box, '2');
    await clock.settle();
    await clock.advance(200);
    await calls[0]?.fail(away);
    await clock.advance(100);
    expect(all()).toEqual(['1 2', '2']);
  });
});

describe('what waits', () => {
  it('is bounded by count', async () => {
    const box = outbox({ maxMessages: 2 });
    const pushed = push(box, '1 2 3');
    await clock.settle();
    expect(outcomes(pushed)).toEqual([undefined, undefined, 'OVERLOADED@0']);
    expect(pushed[2]?.error).toMatchObject({ evidence: { messages: 2, maxMessages: 2 } });
    await calls[0]?.answer();
    expect(outcomes(push(box, '4'))).toEqual([undefined]);
  });

  it('is bounded by bytes', async () => {
    const box = outbox({ maxBytes: 25 });
    const pushed = push(box, '1 2 3');
    await clock.settle();
    expect(outcomes(pushed)).toEqual([undefined, undefined, 'OVERLOADED@0']);
    expect(box.waiting).toEqual({ messages: 2, bytes: 20 });
  });

  it('names in its refusal why nothing gets away', async () => {
    const box = outbox({ maxMessages: 1 });
    push(box, '1');
    await clock.settle();
    await calls[0]?.fail(away);
    const [refused] = push(box, '2');
    await clock.settle();
    expect(refused?.error).toMatchObject({ code: 'OVERLOADED', cause: away });
  });
});
