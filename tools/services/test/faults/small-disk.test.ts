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
