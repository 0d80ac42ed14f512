import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

it('the program in the README is the tested one', () => {
  const [, shown] = /```ts\n([^]*?)```/.exec(read('../../README.md')) ?? [];
  const [, tested] = /\/\/ #region program\n([^]*?)\/\/ #endregion program/.exec(read('program.ts')) ?? [];
  expect(tested).toBeDefined();
  expect(shown).toBe(tested);
});
