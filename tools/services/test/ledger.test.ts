import { describe, expect, test } from 'vitest';
import { Ledger } from '../src/ledger.ts';

const at = (offset: number, epoch = 'e1'): { epoch: string; offset: number } => ({ epoch, offset });

/** A ledger with messages m1 to m4, and a receiver from the beginning. */
function open(): { ledger: Ledger; reader: ReturnType<Ledger['open']> } {
  const ledger = new Ledger();
  for (let i = 1; i <= 4; i++) ledger.acknowledge('c', `m${i}`, at(i));
  return { ledger, reader: ledger.open('r', 'c', at(0)) };
}

describe('a receiver', () => {
  test('that has everything once and in order has no problem', () => {
    const { ledger, reader } = open();
    for (let i = 1; i <= 4; i++) reader.message(`m${i}`, at(i));
    expect(ledger.problems()).toEqual([]);
    expect(ledger.missing).toBe(0);
    expect(ledger.totals).toMatchObject({ acknowledged: 4, delivered: 4, gaps: 0, told: 0 });
  });

  test('that lacks a message is named, with the message', () => {
    const { ledger, reader } = open();
    for (const i of [1, 2, 3]) reader.message(`m${i}`, at(i));
    expect(ledger.missing).toBe(1);
    expect(ledger.problems()).toEqual(['r on c never got m4 at e1:4']);
  });

  test('that gets one again, out of order or behind a hole is named', () => {
    const { ledger, reader } = open();
    for (const i of [1, 3, 2, 2, 4]) reader.message(`m${i}`, at(i));
    expect(ledger.problems().join('\n')).toMatch(
      /e1:3 after e1:1, with a hole[^]*e1:2 after e1:3, out of order[^]*m2 twice/,
    );
  });

  test('may lack what lies within a gap that it was told of, and nothing beyond', () => {
    const { ledger, reader } = open();
    reader.message('m1', at(1));
    reader.gap({ from: at(1), to: at(3) });
    expect(ledger.problems()).toEqual(['r on c never got m4 at e1:4']);
    reader.message('m4', at(4));
    expect(ledger.problems()).toEqual([]);
    expect(ledger.totals).toMatchObject({ gaps: 1, told: 2 });
  });

  test('that had a message before is not given it again in the next epoch, and lacks nothing', () => {
    const { ledger, reader } = open();
    for (let i = 1; i <= 4; i++) reader.message(`m${i}`, at(i));
    reader.gap({ from: at(4), to: at(3, 'e2') });
    // Sent again to a server that had lost it.
    ledger.acknowledge('c', 'm4', at(4, 'e2'));
    ledger.acknowledge('c', 'n5', at(5, 'e2'));
    reader.message('n5', at(5, 'e2'));
    expect(ledger.problems()).toEqual([]);
    reader.message('m4', at(6, 'e2'));
    expect(ledger.problems()).toEqual(['r on c got m4 twice']);
  });

  test('may lack the end of an epoch that it was told to be over', () => {
    const { ledger, reader } = open();
    ledger.acknowledge('c', 'n3', at(3, 'e2'));
    reader.message('m1', at(1));
    reader.message('m2', at(2));
    reader.gap({ from: at(2), to: at(2, 'e2') });
    reader.message('n3', at(3, 'e2'));
    expect(ledger.problems()).toEqual([]);
  });

  test('must be told of a new epoch', () => {
    const { ledger, reader } = open();
    for (let i = 1; i <= 4; i++) reader.message(`m${i}`, at(i));
    reader.message('n1', at(1, 'e2'));
    expect(ledger.problems()).toEqual(['r on c got e2:1 after e1:4 without a gap']);
  });

  test('may miss an epoch as a whole, when it was told of a change and is in the latest', () => {
    const { ledger, reader } = open();
    for (let i = 1; i <= 4; i++) reader.message(`m${i}`, at(i));
    ledger.acknowledge('c', 'n5', at(5, 'e2'));
    ledger.acknowledge('c', 'o5', at(5, 'e3'));
    expect(ledger.problems()).toHaveLength(2);
    reader.gap({ from: at(4), to: at(4, 'e3') });
    expect(ledger.problems()).toEqual(['r on c never got o5 at e3:5']);
    reader.message('o5', at(5, 'e3'));
    expect(ledger.problems()).toEqual([]);
  });

  test('need not have what was there before it began', () => {
    const { ledger } = open();
    const late = ledger.open('late', 'c', at(3));
    late.message('m4', at(4));
    expect(ledger.problems().filter((problem) => problem.startsWith('late'))).toEqual([]);
  });
});
