import { example } from '@parley/cache-core/kernel';
import { expect, it } from 'vitest';
it('works', () => {
  expect(example()).toBe(1);
});
