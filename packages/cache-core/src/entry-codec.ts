import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { encodeExactly, jsonCodec, structuredCodec, type Codec } from './codec.ts';
import { readEnvelope, type Envelope } from './envelope.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);
const none = new Uint8Array(0);

export interface Encoded {
  readonly codecId: number;
  readonly compressed: boolean;
  readonly payload: Uint8Array;
}

export interface Decoded extends Envelope {
  readonly value: unknown;
}

/** Values to bytes and back, with the codec and the compression that the cache was given. */
export class EntryCodec {
  readonly #own: Codec | undefined;
  readonly #byId = new Map<number, Codec>();

  constructor(own: Codec | undefined, readable: readonly Codec[] = []) {
    this.#own = own;
    for (const codec of [jsonCodec, structuredCodec, ...readable, ...(own ? [own] : [])]) this.#byId.set(codec.id, codec);
  }

  /** Throws for what would not come back as it is. */
  encode(value: unknown, compressFrom: number): Encoded | Promise<Encoded> {
    if (value === undefined) return { codecId: jsonCodec.id, compressed: false, payload: none };
    const { codec, bytes } = this.#own ? { codec: this.#own, bytes: this.#own.encode(value) } : encodeExactly(value);
    if (bytes.length >= compressFrom) return compress(codec.id, bytes);
    return { codecId: codec.id, compressed: false, payload: bytes };
  }

  /** Undefined for bytes that are damaged, of another format, or of a codec that is not known here. */
  decode(bytes: Uint8Array, maxBytes: number): Decoded | undefined | Promise<Decoded | undefined> {
    try {
      const envelope = readEnvelope(bytes);
      if (envelope === undefined) return undefined;
      return envelope.compressed ? this.#inflated(envelope, maxBytes) : this.#decoded(envelope, envelope.payload);
    } catch {
      return undefined;
    }
  }

  async #inflated(envelope: Envelope, maxBytes: number): Promise<Decoded | undefined> {
    try {
      return this.#decoded(envelope, await inflate(envelope.payload, { maxOutputLength: Math.min(maxBytes, 2 ** 31 - 1) }));
    } catch {
      return undefined;
    }
  }

  #decoded(envelope: Envelope, payload: Uint8Array): Decoded | undefined {
    if (envelope.negative) return { ...envelope, value: undefined };
    const codec = this.#byId.get(envelope.codecId);
    return codec && { ...envelope, value: codec.decode(payload) };
  }
}

async function compress(codecId: number, bytes: Uint8Array): Promise<Encoded> {
  const smaller = await deflate(bytes, { level: 3 });
  return smaller.length < bytes.length
    ? { codecId, compressed: true, payload: smaller }
    : { codecId, compressed: false, payload: bytes };
}

