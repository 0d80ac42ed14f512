import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startSmallDisk } from '@parley/services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/exit-codes.ts';
import { save } from '../../src/transfer/save.ts';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'parley-save-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const lines = `${'{"some":"line"}\n'.repeat(10_000)}{"end":{"lines":10000}}\n`;
const packed = gzipSync(lines);
const never = { onInterrupt: () => () => undefined };
const place = (packed: boolean, force = false) => ({ path: join(folder, 'file'), force, packed });
const answer = (bytes: Uint8Array | string) => async () => new Response(Buffer.from(bytes));

describe('a file of a hub', () => {
  it('is there when all of it is, for its owner alone', async () => {
    await save(answer(packed), place(true), never);
    expect((await readFile(join(folder, 'file'))).equals(packed)).toBe(true);
    expect((await stat(join(folder, 'file'))).mode & 0o777).toBe(0o600);
    await save(answer(lines), place(false, true), never);
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe(lines);
  });

  it('is not there when it ends in the middle, though the connection ended in order', async () => {
    const cut: [Uint8Array | string, boolean][] = [
      [packed.subarray(0, packed.length / 2), true],
      [gzipSync(lines.slice(0, -30)), true],
      ['', true],
      [lines.slice(0, 16_000), false],
      ['', false],
    ];
    for (const [bytes, isPacked] of cut)
      await expect(save(answer(bytes), place(isPacked), never)).rejects.toThrow('ends in the middle');
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not take the place of another one that somebody made meanwhile', async () => {
    await writeFile(join(folder, 'file'), 'theirs');
    await expect(save(answer(packed), place(true), never)).rejects.toThrow('is there already');
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('theirs');
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const { promise: interrupt, resolve } = Promise.withResolvers<() => void>();
    const world = {
      onInterrupt: (listener: (signal: NodeJS.Signals) => void) => {
        resolve(() => listener('SIGINT'));
        return () => undefined;
      },
    };
    const endless = new ReadableStream<Uint8Array>({ pull: (stream) => stream.enqueue(packed) });
    const saving = save(async () => new Response(endless), place(true), world);
    const failure = saving.catch((error: unknown) => error);
    await expect.poll(() => readdir(folder)).toEqual([expect.stringMatching(/\.part$/)]);
    (await interrupt)();
    expect(await failure).toMatchObject({ exitCode: exitCodes.interrupted });
    expect(await readdir(folder)).toEqual([]);
  });

  it('says that the disk is full, and leaves nothing on it', async () => {
    await using disk = await startSmallDisk({ mebibytes: 1 });
    const large = async () => new Response(Buffer.alloc(4 * 1_048_576));
    const saving = save(large, { path: join(disk.folder, 'file'), force: false, packed: true }, never);
    await expect(saving).rejects.toThrow('there is no room left where it would be (ENOSPC)');
    expect(await readdir(disk.folder)).toEqual([]);
  });
});
