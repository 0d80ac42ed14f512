import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.woff2': 'font/woff2',
};

const encodings = ['br', 'gzip'] as const;
export type Encoding = (typeof encodings)[number];

/** A file as browsers get it. */
export interface WebFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Buffer;
  /** Packed by the first who asks, and kept. */
  readonly packed: (encoding: Encoding) => Promise<Buffer>;
}

/** The files of the pages by their address. It is empty where they are not built. */
export function readWebFiles(folder: string): Map<string, WebFile> {
  const files = new Map<string, WebFile>();
  if (!existsSync(join(folder, 'index.html'))) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(path.slice(folder.length).replaceAll('\\', '/'), webFile(readFileSync(path), type));
  }
  return files;
}

export function webFile(bytes: Buffer, type: string): WebFile {
  const kept = new Map<Encoding, Promise<Buffer>>();
  return {
    type,
    bytes,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    packed(encoding) {
      const packed = kept.get(encoding) ?? pack(bytes, encoding);
      kept.set(encoding, packed);
      return packed;
    },
  };
}

const pack = (bytes: Buffer, encoding: Encoding): Promise<Buffer> =>
  encoding === 'br'
    ? promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
    : promisify(gzip)(bytes, { level: 9 });

/** The best way to pack that a browser understands. */
export function encodingFor(accepted: string | undefined): Encoding | undefined {
  const wanted = new Set(
    accepted
      ?.split(',')
      .filter((one) => !/;\s*q=0(?:\.0*)?$/u.test(one.trim()))
      .map((one) => one.split(';')[0]?.trim()),
  );
  return encodings.find((encoding) => wanted.has(encoding));
}
