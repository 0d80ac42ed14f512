import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startSmallDisk } from '../../src/faults/small-disk.ts';

test('it is full for everybody until there is room again, and leaves nothing', async () => {
  const disk = await startSmallDisk({ mebibytes: 3 });
  try {
    const write = (bytes: number): Promise<void> => writeFile(join(disk.folder, 'file'), Buffer.alloc(bytes));
    await disk.fill(8_192);
    await write(4_096);
    await expect(write(100_000)).rejects.toMatchObject({ code: 'ENOSPC' });
    await disk.clear();
    await write(100_000);
    expect(await disk.free()).toBeGreaterThan(2_000_000);
  } finally {
    await disk[Symbol.asyncDispose]();
  }
  expect(existsSync(disk.folder)).toBe(false);
});

test('it fills up also while somebody else writes there', async () => {
  await using disk = await startSmallDisk({ mebibytes: 64 });
  const [filled, written] = await Promise.allSettled([
    disk.fill(65_536),
    writeFile(join(disk.folder, 'file'), Buffer.alloc(256 * 1_048_576)),
  ]);
  expect(filled).toEqual({ status: 'fulfilled', value: undefined });
  expect(written).toMatchObject({ status: 'rejected', reason: { code: 'ENOSPC' } });
  expect(await disk.free()).toBeLessThanOrEqual(65_536);
});
