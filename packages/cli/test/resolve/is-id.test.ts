import { idSchema } from '@parley/hub-protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isId } from '../../src/resolve/is-id.ts';

const id = '01984f6e-7c1a-7b02-9f7e-3a1d5c2b8e90';

it('an id is what the protocol calls one', () => {
  expect(isId(id)).toBe(true);
  const sign = fc.constantFrom(...Array.from('0123456789abcdefgABCDEF-_ \n'));
  const changed = fc
    .tuple(fc.nat(id.length), fc.nat(2), sign)
    .map(([at, less, by]) => id.slice(0, at) + by + id.slice(at + less));
  fc.assert(
    fc.property(fc.oneof(changed, fc.uuid(), fc.uuid({ version: 7 }), fc.string()), (word) => {
      expect(isId(word)).toBe(idSchema.safeParse(word).success);
    }),
  );
});
