import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, run } from '../lib/run.ts';
import { ourFences } from '../lib/our-fences.ts';
import { withFixture } from './fixture.ts';

async function compile(text: string) {
  const base = await readFile(join(repository, 'tsconfig.base.json'), 'utf8');
  const project = {
    extends: './tsconfig.base.json',
    compilerOptions: { composite: false, noEmit: true, types: [] },
    include: ['*.ts'],
  };
  const files = {
    'tsconfig.base.json': base,
    'tsconfig.json': project,
    'package.json': { type: 'module' },
    'other.ts': 'export interface Other {}\n',
    'one.ts': text,
  };
  return withFixture(files, (root) =>
    run('tsc', ['-p', 'tsconfig.json', '--pretty', 'false'], { cwd: root }),
  );
}

describe('types', () => {
  it('lets strict code pass', async () => {
    const { code, output } = await compile("export type { Other } from './other.ts';\n");
    expect(output).toBe('');
    expect(code).toBe(0);
  });

  it.each([
    ['an implicit any', 'export function f(x) { return x; }', 'TS7006'],
    ['an unchecked index', 'export const f = (x: string[]): string => x[0];', 'TS2322'],
    ['undefined for an optional property', 'export const x: { a?: string } = { a: undefined };', 'TS2375'],
    [
      'a property that only an index signature has',
      'export const f = (x: Record<string, 1>) => x.a;',
      'TS4111',
    ],
    ['an enum', 'export enum X { A }', 'TS1294'],
    ['a type imported as a value', "import { Other } from './other.ts';\nexport type X = Other;", 'TS1484'],
    ['an override that does not say so', 'class A { f() {} }\nexport class B extends A { f() {} }', 'TS4114'],
  ])('%s is an error', async (_, text, error) => {
    const { code, output } = await compile(text);
    expect(output).toContain(`error ${error}`);
    expect(code).not.toBe(0);
  });

  it('are checked in every workspace and in the tools beside them', () => {
    const types = ourFences.find(({ name }) => name === 'types');
    expect(types?.commands).toEqual([
      ['nx', 'run-many', '-t', 'typecheck'],
      ['tsc', '-p', 'tools/tsconfig.json'],
    ]);
  });
});
