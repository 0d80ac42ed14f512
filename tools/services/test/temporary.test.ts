import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { killTree, processInfo } from '../src/processes.ts';
import { CHILDREN, ownFolder, removeStale, temporaryRoot } from '../src/temporary.ts';
import { isRunning } from './support/owners.ts';

const DAY_S = 86_400;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-temporary-test-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

/** Ours, and one as a process leaves it that is gone: the same pid with another start time. */
async function folders(): Promise<{ alive: string; dead: string }> {
  const alive = await ownFolder(root);
  const [pid, startTime, world] = basename(alive).split('_');
  const dead = join(root, [pid, `${startTime}0`, world].join('_'));
  await mkdir(dead);
  await writeFile(join(dead, 'data'), 'left behind');
  return { alive, dead };
}

test('the folder of a dead keeper is removed, that of a living one stays', async () => {
  const { alive, dead } = await folders();
  await removeStale(root);
  expect(existsSync(dead)).toBe(false);
  expect(existsSync(alive)).toBe(true);
});

test('servers that outlived their keeper are ended, strangers with their pids are not', async () => {
  const { dead } = await folders();
  const [server, stranger] = [spawn('sleep', ['1000']), spawn('sleep', ['1000'])];
  const [serverPid, strangerPid] = [server.pid ?? 0, stranger.pid ?? 0];
  await writeFile(
    join(dead, CHILDREN),
    `${serverPid} ${processInfo(serverPid)?.startTime}\n${strangerPid} 1\nnonsense\n`,
  );
  await removeStale(root);
  expect(isRunning(serverPid)).toBe(false);
  expect(isRunning(strangerPid)).toBe(true);
  expect(existsSync(dead)).toBe(false);
  await killTree(strangerPid);
});

test('a folder from another machine or boot stays until it is a day old', async () => {
  const folder = join(root, '1_1_another0');
  await mkdir(folder);
  await removeStale(root);
  expect(existsSync(folder)).toBe(true);
  const old = Date.now() / 1000 - 2 * DAY_S;
  await utimes(folder, old, old);
  await removeStale(root);
  expect(existsSync(folder)).toBe(false);
});

test('what is not a folder of a keeper is left alone', async () => {
  await writeFile(join(root, 'apt.lock'), '');
  await mkdir(join(root, 'something'));
  await removeStale(root);
  expect(existsSync(join(root, 'apt.lock'))).toBe(true);
  expect(existsSync(join(root, 'something'))).toBe(true);
});

test('several keepers may tidy up at the same time', async () => {
  const { dead } = await folders();
  await Promise.all([removeStale(root), removeStale(root), removeStale(root)]);
  expect(existsSync(dead)).toBe(false);
});

test('others may pass through the root but not look into it', async () => {
  const folder = await temporaryRoot(root);
  await chmod(folder, 0o777);
  expect(await temporaryRoot(root)).toBe(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o711);
});

test('a root that is no folder is refused', async () => {
  const folder = await temporaryRoot(root);
  await rm(folder, { recursive: true });
  await writeFile(folder, '');
  await expect(temporaryRoot(root)).rejects.toThrow(/EEXIST|belongs to someone else/);
});
