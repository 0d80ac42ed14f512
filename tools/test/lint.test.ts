import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, run } from '../lib/run.ts';
import { withInstalled, type Files } from './fixture.ts';

/** Lints files under this repository's own settings, type-aware. */
async function lint(files: Files) {
  const [rules, base] = await Promise.all(
    ['.oxlintrc.json', 'tsconfig.base.json'].map((path) => readFile(join(repository, path), 'utf8')),
  );
  const project = { extends: './tsconfig.base.json', include: ['**/*.ts'] };
  return withInstalled(
    { '.oxlintrc.json': rules, 'tsconfig.base.json': base, 'tsconfig.json': project, ...files },
    (root) =>
      run('oxlint', ['--type-aware', '--format=unix', '--no-error-on-unmatched-pattern', 'src', 'test'], {
        cwd: root,
      }),
  );
}

const longFile = (lines: number) =>
  `${Array.from({ length: lines }, (_, line) => `export const line${line} = ${line};`).join('\n')}\n`;

describe('lint', () => {
  it('lets clean code pass', async () => {
    const { code, output } = await lint({
      'src/clean.ts': 'export async function wait(): Promise<void> {\n  await Promise.resolve();\n}\n',
      'test/clean.test.ts':
        "import { expect, it } from 'vitest';\n\nit('counts', () => {\n  expect(1 + 1).toBe(2);\n});\n",
      'src/long.ts': longFile(300),
    });
    expect(output).not.toContain('src/');
    expect(code).toBe(0);
  });

  it.each([
    ['typescript(no-floating-promises)', 'Promise.resolve(1);\nexport const x = 1;\n'],
    [
      'typescript(no-misused-promises)',
      'export function every(): void {\n  [1].forEach(async (n) => {\n    await Promise.resolve(n);\n  });\n}\n',
    ],
    ['typescript(no-explicit-any)', 'export const x: any = 1;\n'],
    ['typescript(no-non-null-assertion)', 'export const f = (x?: string) => x!.length;\n'],
    [
      'typescript(switch-exhaustiveness-check)',
      "export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n      break;\n  }\n}\n",
    ],
    ['typescript(only-throw-error)', "export function f(): void {\n  throw 'text';\n}\n"],
    [
      'typescript(consistent-type-imports)',
      "import { Server } from 'node:net';\nexport const f = (x: Server) => x;\n",
    ],
    ['typescript(ban-ts-comment)', '// @ts-ignore\nexport const x: number = 1;\n'],
    ['import(no-default-export)', 'const x = 1;\nexport default x;\n'],
    ['eslint(max-lines)', longFile(301)],
    ['eslint(no-console)', "console.log('x');\nexport const x = 1;\n"],
    ['eslint(eqeqeq)', 'export const f = (x: string, y: string) => x == y;\n'],
  ])('%s catches its mistake', async (rule, text) => {
    const { code, output } = await lint({ 'src/mistake.ts': text });
    expect(output).toContain(rule);
    expect(output).toMatch(/src\/mistake\.ts:\d+/u);
    expect(code).toBe(1);
  });

  it('catches modules that import each other', async () => {
    const { code, output } = await lint({
      'src/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
      'src/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
    });
    expect(output).toContain('import(no-cycle)');
    expect(code).toBe(1);
  });

  it.each([
    ['vitest(no-focused-tests)', 'only'],
    ['vitest(no-disabled-tests)', 'skip'],
  ])('%s keeps a test from being left at .%s', async (rule, modifier) => {
    const test = `import { expect, it } from 'vitest';\n\nit.${modifier}('counts', () => {\n  expect(1).toBe(1);\n});\n`;
    const { code, output } = await lint({ 'test/left.test.ts': test });
    expect(output).toContain(rule);
    expect(code).toBe(1);
  });
});
