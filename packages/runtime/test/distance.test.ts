import fc from 'fast-check';
import { expect, it } from 'vitest';
import { distance } from '../src/distance.ts';

const letters = ['a', 'b', 'c'];
const word = fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 });

/** Everything that one slip makes of a word. */
function slips(text: string): string[] {
  return Array.from({ length: text.length + 1 }, (_, i) => {
    const [before, after] = [text.slice(0, i), text.slice(i)];
    return [
      ...letters.flatMap((letter) => [before + letter + after, before + letter + after.slice(1)]),
      before + after.slice(1),
      before + after.slice(1, 2) + after.slice(0, 1) + after.slice(2),
    ];
  }).flat();
}

it('one slip of the finger is a distance of at most one', () => {
  fc.assert(
    fc.property(word, (text) => {
      for (const slip of slips(text)) expect(distance(text, slip)).toBe(slip === text ? 0 : 1);
    }),
  );
});

it('the distance is the same both ways, zero for the same word only, and never more than the longer word', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const far = distance(a, b);
      expect(distance(b, a)).toBe(far);
      expect(far === 0).toBe(a === b);
      expect(far).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(far).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
