import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { silentLogger } from '@parley/cache-core/kernel';
import sharp from 'sharp';
import { expect, test, vi } from 'vitest';
import { createPreviewer } from '../../../src/files/previews/previewer.ts';
import { isTooLarge } from '../../../src/files/previews/too-large.ts';

vi.setConfig({ testTimeout: 60_000 });

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../programs/few-descriptors.ts', import.meta.url));

test('without a descriptor left a picture has no preview, and its hub goes on', async () => {
  const line =
    'ulimit -n 40; exec "$0" --conditions=@parley/source --disable-warning=ExperimentalWarning "$1"';
  const { stdout } = await run('sh', ['-c', line, process.execPath, program]);
  const [why, preview, after] = stdout.split('\n');
  expect(why).toContain('EMFILE');
  expect([preview, after]).toEqual(['none', 'still here']);
});

test('a process that could not begin, or was ended by its limit, is tried once more', async () => {
  const warn = vi.fn<() => void>();
  const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#268' } })
    .png()
    .toBuffer();
  const previewer = createPreviewer({ logger: { warn }, limitMs: 30_000, pauseMs: 1 });
  let opened = 0;
  // The store breaks off in the middle, once.
  const preview = await previewer.make(async () => {
    opened += 1;
    return opened > 1
      ? Readable.from([picture])
      : new Readable({
          read() {
            this.push(picture.subarray(0, 20));
            this.destroy(new Error('the line broke'));
          },
        });
  });
  expect([opened, preview]).toMatchObject([2, { width: 8, height: 8 }]);
  const late = createPreviewer({ logger: { warn }, limitMs: 1, pauseMs: 1 });
  expect(await late.make(async () => Readable.from([picture]))).toBeUndefined();
  expect(warn).toHaveBeenCalledOnce();
});

test('a place where nothing can be read is told, and no picture without a preview', async () => {
  const previewer = createPreviewer({ logger: silentLogger });
  await expect(previewer.make(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
});

const picture = {
  format: 'png',
  width: 7_000,
  height: 7_000,
  channels: 3,
  depth: 'uchar',
  isProgressive: false,
};

test.each([
  ['rows of a photograph', { format: 'jpeg' }, false],
  ['rows of a photograph that lies on its side', { format: 'jpeg', orientation: 6 }, false],
  ['rows of a picture', {}, false],
  ['more points than any camera has', { width: 8_000 }, true],
  [
    'a picture in several passes, in fine shades',
    { isProgressive: true, channels: 4, depth: 'ushort' },
    true,
  ],
  ['a picture in several passes', { isProgressive: true }, true],
  ['a small picture in several passes', { width: 4_000, isProgressive: true }, false],
  ['a picture that lies on its side', { orientation: 6 }, true],
  ['a film of a format that is unpacked as a whole', { format: 'webp', channels: 4 }, true],
])('memory is bounded: %s', (_, more, expected) => {
  expect(isTooLarge({ ...picture, ...more })).toBe(expected);
});
