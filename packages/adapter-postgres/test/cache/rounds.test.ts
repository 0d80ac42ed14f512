import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bySize, untilAnswered, withoutRepeats } from '../../src/cache/rounds.ts';

test('a list without repeats stays whole, and repeats keep their order', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd')), (names) => {
      const items = names.map((name, i) => ({ name, i }));
      const rounds = withoutRepeats(items, ({ name }) => name);
      for (const round of rounds) expect(new Set(round.map(({ name }) => name)).size).toBe(round.length);
      for (const name of names) {
        const order = rounds.flat().filter((item) => item.name === name);
        expect(order.map(({ i }) => i)).toEqual(order.map(({ i }) => i).toSorted((a, b) => a - b));
      }
      expect(rounds.flat()).toHaveLength(items.length);
      const most = Math.max(0, ...names.map((name) => names.filter((other) => other === name).length));
      expect(rounds).toHaveLength(most);
    }),
  );
});

test('records are cut into parts of bounded size, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (sizes) => {
      const records = sizes.map((size, i) => ({
        key: `${i}`,
        bytes: new Uint8Array(size),
        version: i,
        freshMs: 1,
        keepMs: 1,
      }));
      const parts = bySize(records, 40);
      expect(parts.flat()).toEqual(records);
      for (const part of parts) {
        const total = part.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
        expect(part.length === 1 || total <= 40).toBe(true);
      }
    }),
  );
});

test('what was left without an answer is asked again', async () => {
  const asked: number[][] = [];
  const answers = await untilAnswered([1, 2, 3, 2], async (open) => {
    asked.push([...open]);
    return new Map(open.slice(0, 2).map((n) => [n, n * 10]));
  });
  expect(answers).toEqual([10, 20, 30, 20]);
  expect(asked).toEqual([[1, 2, 3], [3]]);
});

test('who answers nothing is not asked for ever', async () => {
  await expect(untilAnswered([1], async () => new Map())).rejects.toMatchObject({ code: 'STORE_FAULT' });
  await expect(untilAnswered([], async () => new Map())).resolves.toEqual([]);
});
