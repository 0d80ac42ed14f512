import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** Longer than the line is by which a hub says that there is no more. */
const endBytes = 500;

/** Whether a file of lines, packed or not, can be read to its end, and has the line there that a hub ends with. */
export async function isWhole(path: string, packed: boolean): Promise<boolean> {
  let end = Buffer.alloc(0);
  const look = async (pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const piece of pieces)
      end = Buffer.concat([end, piece.subarray(-endBytes)]).subarray(-endBytes);
  };
  const bytes = createReadStream(path);
  try {
    await (packed ? pipeline(bytes, createGunzip(), look) : pipeline(bytes, look));
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) return false;
    throw error;
  }
  return /(?:^|\n)\{"end":\{[^\n]*\}\}\n$/.test(end.toString('utf8'));
}
