interface Encoded {
  readonly pieces: readonly string[];
  readonly frame: Buffer;
}

/** Encodes what is written at one time: the same for many sockets is encoded once, and they share the bytes. */
export class FrameEncoder {
  readonly #known = new Map<string, Encoded[]>();

  encode(pieces: readonly string[]): Buffer {
    const [first = ''] = pieces;
    let alike = this.#known.get(first);
    if (alike === undefined) this.#known.set(first, (alike = []));
    const known = alike.find((one) => same(one.pieces, pieces));
    if (known !== undefined) return known.frame;
    const frame = frameOf(pieces.length === 1 ? first : pieces.join('\n'));
    // Sockets that follow different channels would compare themselves with each other.
    if (alike.length < 8) alike.push({ pieces, frame });
    return frame;
  }
}

/** They are mostly the same objects, which costs nothing to compare. */
function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((piece, i) => piece === b[i]);
}

/** A whole text message in one frame without a mask, as servers send it, and without compression (RFC 6455, 5.2). */
const wholeText = 0x81;
const length16 = 126;
const length64 = 127;

/** Head and text in one piece: it is written by one call, to however many sockets. */
export function frameOf(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const start = size < length16 ? 2 : size < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(start + size);
  frame[0] = wholeText;
  if (start === 2) frame[1] = size;
  else if (start === 4) {
    frame[1] = length16;
    frame.writeUInt16BE(size, 2);
  } else {
    frame[1] = length64;
    frame.writeBigUInt64BE(BigInt(size), 2);
  }
  frame.write(text, start);
  return frame;
}
