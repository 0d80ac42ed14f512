import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');

it('the code in the README is the tested example', () => {
  const [, shown = ''] = /```ts\n([^]*?)```/.exec(read('README.md')) ?? [];
  const [, tested] =
    /\/\/ #region together\n([^]*?) *\/\/ #endregion together/.exec(
      read('packages/runtime/test/examples/together.test.ts'),
    ) ?? [];
  const [imports = '', ...program] = shown.split(/\n\n/);
  expect(imports).toMatch(/^import /);
  expect(program.join('\n\n')).toBe(tested?.replaceAll(/^ {2}/gm, ''));
});
