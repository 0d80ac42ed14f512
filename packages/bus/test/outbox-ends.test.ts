import { StoreFault, StoreUnavailable } from '@parley/cache-core/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { itemsOf, outboxStage, outcomes } from './scripted-outbox.ts';
import { watch } from './support.ts';

const away = new StoreUnavailable('away');
const fault = new StoreFault('refused');

let { clock, calls, outbox, push, all } = outboxStage();
beforeEach(() => {
  ({ clock, calls, outbox, push, all } = outboxStage());
});

describe('a batch that is refused', () => {
  it('is cut until only the one at fault is rejected, and order is kept', async () => {
    const box = outbox();
    const done: string[] = [];
    const pushed = push(box, '1 2 3 4 5 6 7 8');
    for (let round = 0; round < 20; round++) {
      await clock.settle();
      const call = calls.shift();
      if (call === undefined) break;
      if (itemsOf(call).includes('5')) await call.fail(fault);
      else {
        done.push(itemsOf(call));
        await call.answer();
      }
    }
    expect(done.join(' ')).toBe('1 2 3 4 6 7 8');
    expect(outcomes(pushed)).toEqual([
      '1!@0',
      '2!@0',
      '3!@0',
      '4!@0',
      'STORE_FAULT@0',
      '6!@0',
      '7!@0',
      '8!@0',
    ]);
  });

  it('is found out in a few steps, also while others succeed all the time', async () => {
    const box = outbox({ maxInFlight: 1 });
    const [bad] = push(box, 'bad', { lane: 'bad' });
    let refusals = 0;
    for (let round = 0; round < 60; round++) {
      for (let i = 0; i < 8; i++) push(box, `${round}-${i}`, { lane: `lane ${i}` });
      await clock.settle();
      const call = calls.shift();
      if (itemsOf(call).includes('bad')) {
        refusals += 1;
        await call?.fail(fault);
      } else await call?.answer();
    }
    expect(bad?.outcome).toBe('STORE_FAULT@0');
    expect(refusals).toBeLessThan(8);
  });

  it('does not make later batches small', async () => {
    const box = outbox();
    push(box, 'bad');
    await clock.settle();
    await calls.shift()?.fail(fault);
    push(box, '1 2 3 4 5 6');
    await clock.settle();
    expect(all()).toEqual(['1 2 3 4 5 6']);
  });

  it('and one that is answered in part too: nobody is left without an answer', async () => {
    const box = outbox();
    const pushed = push(box, '1 2');
    await clock.settle();
    await calls.shift()?.answer(['1!']);
    await calls.shift()?.answer([]);
    await calls.shift()?.answer();
    expect(outcomes(pushed)).toEqual(['STORE_FAULT@0', '2!@0']);
  });
});

describe('an outbox that ends', () => {
  it('is drained when nothing waits any more', async () => {
    const box = outbox();
    push(box, '1');
    const drained = watch(box.drained(), clock);
    await clock.settle();
    expect(drained.outcome).toBeUndefined();
    await calls[0]?.answer();
    expect(drained.outcome).toBe('undefined@0');
    await box.drained();
  });

  it('is drained too when what waits has expired', async () => {
    const box = outbox();
    push(box, '1', { within: 100 });
    const drained = watch(box.drained(), clock);
    await clock.advance(100);
    expect(drained.outcome).toBe('undefined@100');
  });

  it('refuses what waits and what comes, sends nothing more and leaves no timer', async () => {
    const box = outbox();
    const pushed = push(box, '1');
    await clock.settle();
    pushed.push(...push(box, '2'));
    box.close();
    pushed.push(...push(box, '3'));
    await clock.settle();
    expect(outcomes(pushed)).toEqual(['CLOSED@0', 'CLOSED@0', 'CLOSED@0']);
    expect(calls[0]?.signal?.aborted).toBe(true);
    expect(pushed.slice(0, 2).map(({ error }) => error)).toMatchObject([
      { evidence: { outcome: 'unknown' } },
      { evidence: { outcome: 'not sent' } },
    ]);
    await calls[0]?.fail(away);
    expect(clock.pending).toBe(0);
    await clock.advance(60_000);
    expect(all()).toEqual(['1']);
  });

  it('leaves no lane and no timer behind when all were answered', async () => {
    const box = outbox();
    for (let i = 0; i < 50; i++) push(box, 'x', { lane: `${i}`, within: 100 });
    await clock.settle();
    await calls[0]?.answer();
    await clock.advance(200);
    expect(clock.pending).toBe(0);
    expect(box.waiting).toEqual({ messages: 0, bytes: 0 });
  });
});
