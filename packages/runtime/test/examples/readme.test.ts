import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The part of a test that a page shows, without the indentation of the test. */
function region(name: string, file: string): string {
  const [, indent = '', code] =
    new RegExp(`^( *)// #region ${name}\\n([^]*?)^ *// #endregion ${name}`, 'm').exec(read(file)) ?? [];
  if (code === undefined) throw new Error(`${file} has no region ${name}`);
  return code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

it('the programs in the README are the tested ones', () => {
  const shown = [...read('../../README.md').matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code);
  expect(shown).toEqual([
    region('program', 'program.ts'),
    region('presence', 'presence.test.ts'),
    region('gates', 'gates.test.ts'),
    `${region('imports', 'own-tables.test.ts')}\n${region('tables', 'own-tables.test.ts')}`,
  ]);
});
