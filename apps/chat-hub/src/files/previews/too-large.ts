/** A few bytes can say that they are a picture of any size. */
export const mostPoints = 50_000_000;

/** Of a picture that has to be in memory as a whole. */
const mostBytes = 100 * 1_048_576;

export interface About {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: string;
  readonly isProgressive: boolean;
  readonly orientation?: number | undefined;
}

/** What JPEG and PNG have row after row is made small row after row; everything else is unpacked as a whole before. */
export function isTooLarge(about: About): boolean {
  const { format, width, height, channels, depth, isProgressive, orientation = 1 } = about;
  const points = width * height;
  if (points > mostPoints) return true;
  // A JPEG is made small while it is unpacked, before it is turned.
  const byRows = !isProgressive && (format === 'jpeg' || (format === 'png' && orientation === 1));
  return !byRows && points * channels * (depth === 'uchar' ? 1 : 2) > mostBytes;
}
