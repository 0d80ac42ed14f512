import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repository, run } from '../lib/run.ts';
import { withFixture, type Files } from './fixture.ts';

async function checkFormat(files: Files) {
  const settings = await readFile(join(repository, '.oxfmtrc.json'), 'utf8');
  return withFixture({ '.oxfmtrc.json': settings, ...files }, (root) =>
    run('oxfmt', ['--check'], { cwd: root }),
  );
}

it('formatted files pass', async () => {
  const { code } = await checkFormat({
    'src/good.ts': "export const x = { y: 'z' };\n",
    'CHANGELOG.md': '*  as  written\n',
  });
  expect(code).toBe(0);
});

it('a file in another style is named', async () => {
  const { code, output } = await checkFormat({ 'src/bad.ts': 'export const x = {y:"z"}' });
  expect(output).toContain('src/bad.ts');
  expect(code).toBe(1);
});
