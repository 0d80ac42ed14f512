import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPages } from '../../src/program/build-pages.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
let root: string;
let web: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-web-'));
  web = join(root, 'apps/chat-hub/web');
  const skip = (from: string): boolean =>
    !/\/(?:dist|node_modules)(?:$|\/|-)/u.test(from.slice(repository.length));
  const parts = ['apps/chat-hub/web', 'packages/hub-client', 'packages/hub-protocol', 'packages/cache-core'];
  for (const part of parts)
    await cp(join(repository, part), join(root, part), { recursive: true, filter: skip });
  await cp(join(repository, 'tsconfig.base.json'), join(root, 'tsconfig.base.json'));
  for (const place of ['node_modules', 'apps/chat-hub/node_modules'])
    await symlink(join(repository, place), join(root, place));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const build = async (): Promise<string[]> => {
  const said: string[] = [];
  await buildPages({ folder: web, say: (line) => void said.push(line) });
  return said;
};
const shown = (): Promise<string> => readFile(join(web, 'dist/index.html'), 'utf8');

test(
  'pages are built once, and anew when what they are made of has changed',
  { timeout: 120_000 },
  async () => {
    const first = await build();
    expect(first).toEqual([
      'The pages are built, once …',
      expect.stringMatching(/^The pages are built \(\d/u),
    ]);
    const before = await shown();
    expect(await build()).toEqual([]);

    await writeFile(join(web, 'src/main.tsx'), `document.title = 'another one';\n`);
    expect(await build()).toHaveLength(2);
    expect(await shown()).not.toBe(before);
    expect((await readdir(web)).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  },
);

test('several that begin at once leave one whole build', { timeout: 120_000 }, async () => {
  await writeFile(join(web, 'src/main.tsx'), `document.title = 'one of many';\n`);
  await Promise.all([build(), build(), build()]);
  const [, asset = ''] = /src="\/(assets\/[^"]+)"/u.exec(await shown()) ?? [];
  expect(await readFile(join(web, 'dist', asset), 'utf8')).toContain('one of many');
  expect((await readdir(web)).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  expect(await build()).toEqual([]);
});

test('what cannot be built says why, and leaves what was there', { timeout: 120_000 }, async () => {
  const before = await shown();
  await writeFile(join(web, 'src/main.tsx'), `import './nowhere.ts';\n`);
  await expect(build()).rejects.toThrow('nowhere.ts');
  expect(await shown()).toBe(before);
});
