import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepFaketimeMemory } from '../../src/faults/faketime-memory.ts';

test('what belongs to a dead process goes, all else stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-faketime-test-'));
  const dead = 2 ** 30;
  const names = [`faketime_shm_${dead}`, `sem.faketime_sem_${dead}`];
  const others = [`faketime_shm_${process.pid}`, `sem.faketime_sem_${process.pid}`, `other_${dead}`];
  await Promise.all([...names, ...others].map((name) => writeFile(join(folder, name), '')));
  await sweepFaketimeMemory(folder);
  expect((await readdir(folder)).sort()).toEqual([...others].sort());
  await sweepFaketimeMemory(join(folder, 'nowhere'));
  await rm(folder, { recursive: true });
});
