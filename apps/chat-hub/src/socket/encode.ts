interface Encoded {
  readonly pieces: readonly string[];
  readonly data: Buffer;
}

/** Encodes what is written in one tick: the same for many sockets is encoded once, and they share the bytes. */
export class TickEncoder {
  readonly #known = new Map<string, Encoded[]>();

  encode(pieces: readonly string[]): Buffer {
    const [first = ''] = pieces;
    let alike = this.#known.get(first);
    if (alike === undefined) this.#known.set(first, (alike = []));
    const known = alike.find((one) => same(one.pieces, pieces));
    if (known !== undefined) return known.data;
    const data = Buffer.from(pieces.length === 1 ? first : pieces.join('\n'));
    // Sockets that follow different channels would compare themselves with each other.
    if (alike.length < 8) alike.push({ pieces, data });
    return data;
  }
}

/** They are mostly the same objects, which costs nothing to compare. */
function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((piece, i) => piece === b[i]);
}
