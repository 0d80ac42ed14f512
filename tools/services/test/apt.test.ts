import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aptInstall } from '../src/apt.ts';
import { programs } from '../src/programs.ts';

let folder: string;
let path: string;
let announced: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-apt-test-'));
  await mkdir(join(folder, 'bin'));
  path = `${join(folder, 'bin')}:/usr/bin:/bin`;
  announced = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    announced += String(text);
    return true;
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** Stands in for the real one; notes how it is called. */
async function aptGet(script: string): Promise<void> {
  const lines = [
    '#!/bin/sh',
    `cd ${folder}`,
    'echo "$1 RUNLEVEL=$RUNLEVEL SYSTEMD_OFFLINE=$SYSTEMD_OFFLINE $DEBIAN_FRONTEND" >> calls',
    script,
  ];
  await writeFile(join(folder, 'bin/apt-get'), lines.join('\n'), { mode: 0o755 });
}

const calls = async (): Promise<string[]> =>
  (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
const quietly = 'RUNLEVEL=1 SYSTEMD_OFFLINE=1 noninteractive';

test('announces what it installs and why, and keeps services from starting', async () => {
  await aptGet('exit 0');
  await aptInstall(programs.redis, path);
  expect(announced).toContain('Redis is needed and not on this machine: installing the package redis-server');
  expect(await calls()).toEqual([`install ${quietly}`]);
});

test('fetches the lists once when the package cannot be had without', async () => {
  await aptGet('[ "$1" = update ] && touch lists; [ -e lists ]');
  await aptInstall(programs.redis, path);
  expect(await calls()).toEqual([`install ${quietly}`, `update ${quietly}`, `install ${quietly}`]);
});

test('a failure is told with the words of apt-get', async () => {
  await aptGet('[ "$1" = update ] || { echo "E: Unable to locate package" >&2; exit 100; }');
  await expect(aptInstall(programs.redis, path)).rejects.toThrow(
    /apt-get install redis-server failed: [^]*Unable to locate package/,
  );
});

test('two at the same time wait for each other', async () => {
  await aptGet('mkdir busy || exit 1; sleep 0.2; rmdir busy');
  await Promise.all([aptInstall(programs.redis, path), aptInstall(programs.redis, path)]);
  expect(await calls()).toEqual([`install ${quietly}`, `install ${quietly}`]);
});
