import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findBinaries } from '../src/binaries.ts';
import { MissingServerError } from '../src/errors.ts';
import type { Program } from '../src/programs.ts';
import { programs } from '../src/programs.ts';
import type { Machine } from '../src/resolve.ts';
import { search } from '../src/resolve.ts';
import { unprivilegedUser } from '../src/user.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-resolve-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A program that says who it is. */
async function binary(path: string, says: string): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), `#!/bin/sh\necho "${says}"\n`);
  await chmod(join(folder, path), 0o755);
}

const redis: Program = { ...programs.redis, folders: [] };
const postgres = (): Program => ({ ...programs.postgres, folders: [join(folder, 'versions/*/bin')] });

function machine(more: Partial<Machine> = {}): Machine {
  return {
    env: { PATH: '' },
    dockerAnswers: () => Promise.resolve(false),
    aptIsNoWay: () => 'apt-get: needs root',
    aptInstall: () => Promise.reject(new Error('must not be called')),
    ...more,
  };
}

describe('binaries', () => {
  test('are found on the PATH', async () => {
    await binary('bin/redis-server', 'Redis server v=7.2.1 sha=0');
    const { found } = await findBinaries(redis, { path: `/nowhere:${join(folder, 'bin')}` });
    expect(found).toEqual({ folder: join(folder, 'bin'), major: 7 });
  });

  test('of another program, and too old ones, are passed over with the reason', async () => {
    await binary('one/redis-server', 'Something else');
    await binary('two/redis-server', 'Redis server v=6.0.16');
    await binary('three/redis-server', 'Redis server v=8.0.0');
    const path = ['one', 'two', 'three'].map((name) => join(folder, name)).join(':');
    const { found, rejected } = await findBinaries(redis, { path });
    expect(found?.major).toBe(8);
    expect(rejected).toEqual([
      expect.stringContaining('is another program (Something else)'),
      expect.stringContaining('version 6 is older than 7'),
    ]);
  });

  test('that fail when asked for their version are passed over', async () => {
    await mkdir(join(folder, 'bin'));
    await writeFile(join(folder, 'bin/redis-server'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { found, rejected } = await findBinaries(redis, { path: join(folder, 'bin') });
    expect(found).toBeUndefined();
    expect(rejected).toEqual([expect.stringContaining('--version fails')]);
  });

  test('in versioned folders are found, the newest first, where all companions are', async () => {
    for (const version of ['9', '15', '16'])
      await binary(`versions/${version}/bin/postgres`, `postgres (PostgreSQL) ${version}.1`);
    for (const companion of ['initdb', 'pg_basebackup'])
      await binary(`versions/15/bin/${companion}`, companion);
    const { found, rejected } = await findBinaries(postgres(), { path: '' });
    expect(found).toEqual({ folder: join(folder, 'versions/15/bin'), major: 15 });
    expect(rejected).toEqual([expect.stringContaining('16/bin/postgres: initdb is not beside it')]);
  });

  test('linked into the PATH are used from where their companions are', async () => {
    for (const [name, says] of [
      ['postgres', 'postgres (PostgreSQL) 15.1'],
      ['initdb', ''],
      ['pg_basebackup', ''],
    ] as const)
      await binary(`versions/15/bin/${name}`, says);
    await mkdir(join(folder, 'bin'));
    await symlink(join(folder, 'versions/15/bin/postgres'), join(folder, 'bin/postgres'));
    const { found } = await findBinaries({ ...postgres(), folders: [] }, { path: join(folder, 'bin') });
    expect(found?.folder).toBe(join(folder, 'versions/15/bin'));
  });
});

describe('the order of the ways', () => {
  test('Docker comes before binaries', async () => {
    await binary('bin/redis-server', 'Redis server v=7.2.1');
    const env = { PATH: join(folder, 'bin') };
    expect(await search(redis, machine({ env }))).toMatchObject({ way: 'binaries' });
    const docker = machine({ env, dockerAnswers: () => Promise.resolve(true) });
    expect(await search(redis, docker)).toEqual({ way: 'docker', image: 'redis:7-alpine' });
  });

  test('packages come last, and what they brought is used', async () => {
    const installed: string[] = [];
    const way = machine({
      env: { PATH: join(folder, 'bin') },
      aptIsNoWay: () => undefined,
      async aptInstall({ debian }) {
        installed.push(debian);
        await binary('bin/redis-server', 'Redis server v=7.2.1');
      },
    });
    expect(await search(redis, way)).toMatchObject({ way: 'binaries', major: 7 });
    await search(redis, way);
    expect(installed).toEqual(['redis-server']);
  });

  test.each([
    ['docker', 'Docker: no daemon answers'],
    ['binaries', 'redis-server: not found in the PATH'],
  ])('PARLEY_SERVICES=%s allows no other way', async (forced, only) => {
    const way = machine({ env: { PATH: '', PARLEY_SERVICES: forced }, aptIsNoWay: () => undefined });
    const error = await search(redis, way).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ tried: [only] });
  });

  test('PARLEY_SERVICES=docker leaves to the machine what no image carries', async () => {
    await binary('bin/redis-server', 'Redis server v=7.2.1');
    const { image: _, ...bare } = redis;
    const way = machine({ env: { PATH: join(folder, 'bin'), PARLEY_SERVICES: 'docker' } });
    expect(await search(bare, way)).toMatchObject({ way: 'binaries', major: 7 });
  });

  test('PARLEY_SERVICES=apt asks no Docker', async () => {
    const docker = machine({
      env: { PATH: '', PARLEY_SERVICES: 'apt' },
      dockerAnswers: () => Promise.resolve(true),
    });
    await expect(search(redis, docker)).rejects.toThrow(MissingServerError);
  });

  test('a PARLEY_SERVICES that means nothing is refused', async () => {
    const way = machine({ env: { PARLEY_SERVICES: 'podman' } });
    await expect(search(redis, way)).rejects.toThrow(
      'PARLEY_SERVICES=podman: must be one of docker, binaries, apt',
    );
  });
});

test('the message names what is missing, the three ways out and what was tried', async () => {
  const error = await search(redis, machine()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(MissingServerError);
  expect(error).toMatchObject({ code: 'MISSING_SERVER', retryable: false });
  expect(String(error)).toBe(
    [
      'MissingServerError: Redis is needed and not found. Any of these helps:',
      '  1. name one that runs: PARLEY_TEST_REDIS_URL=redis://127.0.0.1:6379 (for tests that share a server; tests that pause or kill one need it on this machine)',
      '  2. start Docker: the image redis:7-alpine is fetched from there',
      '  3. install it: apt-get install redis-server (Debian, Ubuntu; root does it by itself), or brew install redis (macOS)',
      'Tried:',
      '  - Docker: no daemon answers',
      '  - redis-server: not found in the PATH',
      '  - apt-get: needs root',
    ].join('\n'),
  );
});

test('a program without image and variable has only the way that it has', async () => {
  const faketime = { ...programs.faketime, folders: [] };
  const error = await search(faketime, machine()).catch((reason: unknown) => reason);
  expect(String(error)).toContain('  1. install it: apt-get install faketime');
  expect(String(error)).not.toContain('Docker');
});

test('a failed installation is told', async () => {
  const way = machine({
    aptIsNoWay: () => undefined,
    aptInstall: () => Promise.reject(new Error('apt-get install redis-server failed: no network')),
  });
  await expect(search(redis, way)).rejects.toThrow('no network');
});

describe('the user for programs that refuse root', () => {
  const passwd = (): string => join(folder, 'passwd');

  test('is postgres, else nobody', async () => {
    await writeFile(passwd(), 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n');
    expect(unprivilegedUser(passwd(), 0)).toEqual({ uid: 65534, gid: 65534 });
    await writeFile(passwd(), 'nobody:x:65534:65534::/:/bin/false\npostgres:x:101:104::/:/bin/sh\n');
    expect(unprivilegedUser(passwd(), 0)).toEqual({ uid: 101, gid: 104 });
  });

  test('is nobody else for who is not root, and missing is told', async () => {
    await writeFile(passwd(), 'root:x:0:0::/root:/bin/sh\n');
    expect(unprivilegedUser(passwd(), 1000)).toBeUndefined();
    expect(() => unprivilegedUser(passwd(), 0)).toThrow(/no user/);
  });
});
