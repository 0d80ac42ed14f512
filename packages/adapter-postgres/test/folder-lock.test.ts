import { mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@parley/services';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../src/folder-lock.ts';
import { startChild } from './support/child.ts';
import type { Child } from './support/child.ts';
import { failure } from './support/failure.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const onLost = (): void => {
  throw new Error('the lock was lost');
};
const lock = (path = folder, silenceMs = 400) => lockFolder(path, { onLost, silenceMs });

async function holder(): Promise<Child> {
  const child = startChild('locking.ts', [folder]);
  await child.line();
  child.say('lock');
  expect(await child.line()).toBe('locked');
  return child;
}

test('a folder is made where there is none, and left as it was', async () => {
  const held = await lock(join(folder, 'a', 'b'));
  await writeFile(join(held.folder, 'parley-notes.lock'), 'of somebody');
  await held.release();
  expect(await readdir(held.folder)).toEqual(['parley-notes.lock']);
});

test('the same process does not get it twice, by whatever name', async () => {
  const held = await lock();
  await symlink(folder, `${folder}-link`);
  try {
    for (const path of [folder, `${folder}-link`, `${folder}/../${folder.split('/').at(-1)}`]) {
      expect(await failure(lock(path))).toMatchObject({
        code: 'FOLDER_IN_USE',
        message: expect.stringContaining('this process'),
        evidence: { folder: held.folder, pid: process.pid },
      });
    }
  } finally {
    await rm(`${folder}-link`);
    await held.release();
  }
  await (await lock()).release();
});

test('a second process is refused, and told by whom', async () => {
  await using child = await holder();
  expect(await failure(lock())).toMatchObject({
    code: 'FOLDER_IN_USE',
    message: expect.stringMatching(new RegExp(`${folder}.* process ${child.pid}`)),
    evidence: { pid: child.pid, host: hostname() },
  });
  child.say('release');
  expect(await child.line()).toBe('released');
  await (await lock()).release();
});

test('what a killed process left behind keeps nobody out', async () => {
  const child = await holder();
  child.kill();
  await child.ended;
  expect(await readdir(folder)).toHaveLength(1);
  const held = await lock();
  expect(await readdir(folder)).toHaveLength(1);
  await held.release();
});

test('a number that was given to another process is not taken for its former owner', async () => {
  const held = await lock();
  const [own = ''] = await readdir(held.folder);
  await held.release();
  await writeFile(join(folder, own.replace(/-\w+\.lock$/, '-1.lock')), '{}');
  const again = await lock();
  expect(await readdir(folder)).toEqual([own]);
  await again.release();
});

test('of ten processes that begin at the same moment exactly one gets it', async () => {
  const children = Array.from({ length: 10 }, () => startChild('locking.ts', [folder]));
  try {
    for (const child of children) await child.line();
    for (const child of children) child.say('lock');
    const answers = await Promise.all(children.map((child) => child.line()));
    expect(answers.filter((answer) => answer === 'locked')).toHaveLength(1);
    expect(answers.filter((answer) => answer.includes('FOLDER_IN_USE'))).toHaveLength(9);
  } finally {
    await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
  }
}, 60_000);

describe('a process of another machine', () => {
  const foreign = (): string => join(folder, 'parley-0123abcd-7-42.lock');

  test('keeps others out as long as it gives signs of life', async () => {
    await writeFile(foreign(), JSON.stringify({ pid: 7, host: 'elsewhere' }));
    let beats = 0;
    const beating = setInterval(() => void utimes(foreign(), new Date(), new Date((beats += 1_000))), 50);
    try {
      expect(await failure(lock(folder, 10_000))).toMatchObject({
        code: 'FOLDER_IN_USE',
        message: expect.stringContaining('process 7 on elsewhere'),
      });
    } finally {
      clearInterval(beating);
    }
  });

  test('is not taken for dead by one who stood still while it gave them', async () => {
    await writeFile(foreign(), JSON.stringify({ pid: 7, host: 'elsewhere' }));
    const attempt = failure(lock());
    let beats = 0;
    const beating = setInterval(() => void utimes(foreign(), new Date(), new Date((beats += 1_000))), 20);
    await until(() => beats > 2_000, { what: 'it has given some' });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    try {
      expect(await attempt).toMatchObject({ code: 'FOLDER_IN_USE' });
    } finally {
      clearInterval(beating);
    }
  });

  test('counts as dead when it has been silent for long', async () => {
    await writeFile(foreign(), JSON.stringify({ pid: 7, host: 'elsewhere' }));
    const began = performance.now();
    const held = await lock();
    expect(performance.now() - began).toBeGreaterThanOrEqual(390);
    expect(await readdir(folder)).not.toContain('parley-0123abcd-7-42.lock');
    await held.release();
  });

  test('who was taken for dead learns of it', async () => {
    const lost: number[] = [];
    const held = await lockFolder(folder, { onLost: () => lost.push(1), beatMs: 20 });
    const [own = ''] = await readdir(folder);
    await rm(join(folder, own));
    await until(() => lost.length > 0, { what: 'the loss is noticed' });
    await held.release();
    expect(lost).toEqual([1]);
  });

  test('a holder gives signs of life', async () => {
    const held = await lockFolder(folder, { onLost, beatMs: 20 });
    const [own = ''] = await readdir(folder);
    await utimes(join(folder, own), 1, 1);
    const touched = async (): Promise<number | false> => {
      const { mtimeMs } = await stat(join(folder, own));
      return mtimeMs > 1_000_000 && mtimeMs;
    };
    expect(await until(touched, { what: 'the file is touched' })).toBeGreaterThan(1_000_000);
    await held.release();
  });
});
