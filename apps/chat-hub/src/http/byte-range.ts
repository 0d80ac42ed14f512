import { HubError } from '@parley/hub-protocol';
import type { ByteRange } from '../files/blobs/blob-store.ts';

/**
 * The range that a header asks for. Undefined: all of it, as where several ranges or other units are asked for, which nobody need answer.
 *
 * @throws {HubError} `RANGE_REFUSED`
 */
export function rangeIn(header: string | undefined, size: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (first <= last && first < size) return { first, last };
  throw new HubError('RANGE_REFUSED', `the range must begin within the ${size} bytes of the file`);
}
