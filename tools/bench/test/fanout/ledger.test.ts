import { describe, expect, it } from 'vitest';
import { Ledger } from '../../benches/fanout/ledger.ts';

function totalsOf(numbers: readonly number[], { messages = 6, senders = 2 } = {}) {
  const ledger = new Ledger(messages, senders);
  for (const number of numbers) ledger.take(number);
  return ledger.totals();
}

describe('the ledger of a receiver', () => {
  it('has nothing to say where every message came once', () => {
    const all = [0, 1, 2, 3, 4, 5];
    expect(totalsOf(all)).toMatchObject({ delivered: 6, lost: 0, doubled: 0, disordered: 0 });
  });

  it('counts what never came', () => {
    expect(totalsOf([0, 1, 4, 5])).toMatchObject({ delivered: 4, lost: 2, doubled: 0, disordered: 0 });
  });

  it('counts what came again, and what belongs to a run that is over, as doubled', () => {
    expect(totalsOf([0, 1, 1, 2, 3, 4, 5, 5])).toMatchObject({ delivered: 6, lost: 0, doubled: 2 });
    const ledger = new Ledger(1, 1);
    ledger.stray();
    expect(ledger.totals()).toMatchObject({ delivered: 0, lost: 1, doubled: 1 });
  });

  it('knows an order among the messages of one sender only', () => {
    expect(totalsOf([1, 0, 3, 2, 5, 4])).toMatchObject({ disordered: 0 });
    expect(totalsOf([2, 0, 1, 3, 4, 5])).toMatchObject({ disordered: 1 });
  });

  it('tells two orders of the same messages from each other', () => {
    expect(totalsOf([0, 1, 2, 3, 4, 5]).order).toBe(totalsOf([0, 1, 2, 3, 4, 5]).order);
    expect(totalsOf([1, 0, 2, 3, 4, 5]).order).not.toBe(totalsOf([0, 1, 2, 3, 4, 5]).order);
  });

  it('is complete when nothing is missing, and not before', () => {
    const ledger = new Ledger(2, 1);
    ledger.take(1);
    ledger.take(1);
    expect(ledger.complete).toBe(false);
    ledger.take(0);
    expect(ledger.complete).toBe(true);
  });
});
