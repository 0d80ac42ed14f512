import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCache, type Cache } from '@parley/cache-core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Users } from './decorated/users.ts';

/** Neither Node nor Vite transforms standard decorators yet; TypeScript does. */
async function compiled(folder: string): Promise<new (cache: Cache | undefined) => Users> {
  const source = await readFile(join(import.meta.dirname, 'decorated/users.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const file = join(folder, 'users.mjs');
  await writeFile(file, outputText);
  const loaded: { Users: new (cache: Cache | undefined) => Users } = await import(pathToFileURL(file).href);
  return loaded.Users;
}

describe('@CacheMethod', () => {
  let folder: string;
  let Class: new (cache: Cache | undefined) => Users;
  beforeAll(async () => {
    folder = await mkdtemp(join(import.meta.dirname, 'compiled-'));
    Class = await compiled(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('runs the method once for the same arguments, on the object that was asked', async () => {
    const users = new Class(createCache());
    expect(await Promise.all([users.find('1'), users.find('1'), users.find('2')])).toEqual([
      { id: '1', by: expect.any(Number) },
      { id: '1', by: expect.any(Number) },
      { id: '2', by: expect.any(Number) },
    ]);
    expect(users.asked.sort()).toEqual(['1', '2']);
  });

  it('keeps results by ttl and tag, and apart for each cache', async () => {
    const cache = createCache();
    const [one, two] = [new Class(cache), new Class(createCache())];
    await one.find('1');
    await two.find('1');
    expect(two.asked).toEqual(['1']);
    await cache.invalidateByTag('users');
    await one.find('1');
    expect(one.asked).toEqual(['1', '1']);
    expect(Math.round((await cache.namespace('Users.find').ttl('("1")')) ?? 0)).toBe(1800);
  });

  it('says what is missing when there is no cache', async () => {
    const users = new Class(undefined);
    await expect(users.find('1')).rejects.toThrow(/cache must be an option of @CacheMethod or a member/);
  });
});
