import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { File } from '@parley/hub-protocol';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFileWorld, sha256, type FileWorld } from '../support/file-world.ts';
import { outcomeOf } from '../support/hub.ts';

let files: FileWorld;
beforeAll(async () => {
  files = await openFileWorld('embedded');
}, 60_000);
afterAll(() => files[Symbol.asyncDispose]());

const page = '<!doctype html><script>alert(1)</script>';
const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#268' } });

describe('what is served', () => {
  test.each([
    ['a page called a picture', 'cat.png', page, 'text/plain; charset=utf-8', 'attachment'],
    ['a drawing with a script', 'cat.svg', drawing, 'text/plain; charset=utf-8', 'attachment'],
    ['a page', 'index.html', `\ufeff${page}`, 'text/plain; charset=utf-8', 'attachment'],
    ['a document', 'a.pdf', '%PDF-1.7 <script>', 'application/pdf', 'attachment'],
    ['bytes of no kind', 'a.html', '\x00\x01<html>', 'application/octet-stream', 'attachment'],
    ['the beginning of a picture', 'a.html', `GIF89a${page}`, 'image/gif', 'inline'],
  ])('%s goes by its bytes, and runs nowhere', async (_, name, text, type, how) => {
    const { file } = await files.share(Buffer.from(text), name);
    const { headers, body } = await files.get(`/files/${file.id}/content`);
    expect(body).toBe(text);
    expect(headers).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-cache',
    });
    expect(String(headers['content-disposition']).split(';')[0]).toBe(how);
    expect(file.preview).toBeNull();
  });

  test('a name is said in both forms, and ends nothing', async () => {
    const { file } = await files.share(Buffer.from('x'), `Ü"; filename=x.exe; 'ä'%22.txt`);
    expect((await files.get(`/files/${file.id}/content`)).headers['content-disposition']).toBe(
      `attachment; filename="__; filename=x.exe; '_'_22.txt"; filename*=UTF-8''%C3%9C%22%3B%20filename%3Dx.exe%3B%20%27%C3%A4%27%2522.txt`,
    );
  });

  test('a range is what was asked for, also over several parts', async () => {
    const bytes = randomBytes(2_500_000);
    const { file } = await files.share(bytes);
    const path = `/files/${file.id}/content`;
    const ask = (range: string, more = {}) => files.get(path, files.bob, { range, ...more });
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 0],
      ['bytes=1048575-1048576', 1_048_575, 1_048_576],
      ['bytes=1000000-', 1_000_000, 2_499_999],
      ['bytes=-10', 2_499_990, 2_499_999],
      ['bytes=2499999-9999999', 2_499_999, 2_499_999],
    ] as const) {
      const part = await ask(range);
      expect(part.statusCode).toBe(206);
      expect(part.headers['content-range']).toBe(`bytes ${from}-${to}/2500000`);
      expect(part.rawPayload.equals(bytes.subarray(from, to + 1))).toBe(true);
    }
    for (const range of ['bytes=5-2', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=-', 'bytes=x-1'])
      expect((await ask(range)).statusCode).toBe(200);
    const beyond = await ask('bytes=2500000-');
    expect([beyond.statusCode, outcomeOf(beyond)]).toEqual([416, 'RANGE_REFUSED']);
    expect((await ask('bytes=0-0', { 'if-range': '"other"' })).statusCode).toBe(200);
    expect((await ask('bytes=0-0', { 'if-range': `"${sha256(bytes)}"` })).statusCode).toBe(206);
    const head = await files.get(path, files.bob, {}, 'HEAD');
    expect([head.statusCode, head.headers['content-length'], head.body]).toEqual([200, '2500000', '']);
  });

  test('what a browser has is not sent again, to who may still see it', async () => {
    const bytes = Buffer.from('the same');
    const { file } = await files.share(bytes);
    const path = `/files/${file.id}/content`;
    const known = { 'if-none-match': `W/"x", "${sha256(bytes)}"` };
    const again = await files.get(path, files.bob, known);
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', `"${sha256(bytes)}"`]);
    expect(outcomeOf(await files.get(path, files.eve, known))).toBe('NOT_FOUND');
  });
});

describe('a preview', () => {
  test.each(['png', 'jpeg', 'webp', 'gif'] as const)('is made of %s', async (format) => {
    const { file } = await files.share(await picture(1_200, 600).toFormat(format).toBuffer(), 'a.html');
    expect(file).toMatchObject({
      type: `image/${format}`,
      image: { width: 1_200, height: 600 },
      preview: { width: 512, height: 256 },
    });
    const { headers, rawPayload } = await files.get(`/files/${file.id}/preview`);
    expect(headers).toMatchObject({ 'content-type': 'image/webp', 'x-content-type-options': 'nosniff' });
    expect(await sharp(rawPayload).metadata()).toMatchObject({ format: 'webp', width: 512, height: 256 });
    expect(outcomeOf(await files.get(`/files/${file.id}/preview`, files.eve))).toBe('NOT_FOUND');
  });

  test('stands upright, and tells nothing of where its picture was taken', async () => {
    const bytes = await picture(40, 20)
      .jpeg()
      .withMetadata({ orientation: 6 })
      .withExif({ IFD0: { Copyright: 'secret place' }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
      .toBuffer();
    const { file } = await files.share(bytes);
    expect(file).toMatchObject({ image: { width: 20, height: 40 }, preview: { width: 20, height: 40 } });
    const { rawPayload } = await files.get(`/files/${file.id}/preview`);
    expect(rawPayload.toString('latin1')).not.toContain('secret place');
    expect((await sharp(rawPayload).metadata()).exif).toBeUndefined();
  });

  test.each([
    ['says that it is larger than anything', () => pngOf(60_000, 60_000, Buffer.alloc(1_000))],
    ['grows a thousandfold', () => pngOf(12_000, 12_000, deflateSync(Buffer.alloc(40_000_000)))],
    ['is cut off', async () => (await picture(900, 900).png().toBuffer()).subarray(0, 300)],
    ['is nothing but its beginning', () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
  ])('is not made of a picture that %s, and the file is kept', async (_, make) => {
    const bytes = await make();
    const { file } = await files.share(bytes);
    expect(file).toMatchObject({ state: 'ready', type: 'image/png', image: null, preview: null });
    expect(outcomeOf(await files.get(`/files/${file.id}/preview`))).toBe('NOT_FOUND');
    expect((await files.get(`/files/${file.id}/content`)).rawPayload.equals(bytes)).toBe(true);
  });

  test('many pictures at once all get theirs', async () => {
    const bytes = await picture(64, 64).png().toBuffer();
    const made = await Promise.all(Array.from({ length: 5 }, () => files.upload(bytes)));
    expect(made.map((file: File) => file.preview)).toEqual(made.map(() => ({ width: 64, height: 64 })));
  });
});

/** A picture that is what its head says, whatever its body says. */
function pngOf(width: number, height: number, data: Buffer): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(named));
    return Buffer.concat([size, named, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
