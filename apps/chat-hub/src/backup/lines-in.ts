/** A line, and the number that it has in its file. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** More of it than may be in memory. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

/**
 * The lines of a stream, with a bound on what is kept of it: whatever was packed into few bytes, it is not unpacked at once.
 *
 * @throws {TooLong}
 */
export async function* linesIn(
  stream: AsyncIterable<Uint8Array | string>,
  longest: number,
): AsyncGenerator<Line> {
  let kept: Buffer[] = [];
  let length = 0;
  let number = 0;
  const whole = (): Line => {
    const text = Buffer.concat(kept).toString('utf8');
    kept = [];
    length = 0;
    number += 1;
    return { number, text };
  };
  for await (const piece of stream) {
    const bytes = Buffer.from(piece);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      kept.push(bytes.subarray(from, end));
      yield whole();
      from = end + 1;
    }
    kept.push(bytes.subarray(from));
    length += bytes.length - from;
    if (length > longest) throw new TooLong(`line ${number + 1} has more than ${longest} bytes`);
  }
  if (length > 0) yield whole();
}
