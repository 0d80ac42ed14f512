import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');

it('the code in the README is the tested example', () => {
  const [, shown] = /```ts\n([^]*?)```/.exec(read('README.md')) ?? [];
  const [, tested] =
    /\/\/ #region protect\n([^]*?)\/\/ #endregion protect/.exec(
      read('packages/cache-core/test/examples/kernel.test.ts'),
    ) ?? [];
  expect(tested).toBeDefined();
  expect(shown).toBe(tested);
});
