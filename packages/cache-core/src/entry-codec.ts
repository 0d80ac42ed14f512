import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { encodeExactly, jsonCodec, structuredCodec, type Codec } from './codec.ts';
import { readEnvelope, sizeOf, type Envelope, type Payload } from './envelope.ts';
import type { Schema, SchemaResult } from './kernel/schema.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);
const none = new Uint8Array(0);
const maxInflated = 256 * 1024 * 1024;

export interface Encoded {
  readonly codecId: number;
  readonly compressed: boolean;
  readonly payload: Payload;
}

export interface Decoded {
  readonly envelope: Envelope;
  readonly value: unknown;
}

export interface EntryCodecOptions {
  /** @default JSON where it is exact, V8's structured format elsewhere */
  readonly codec?: Codec | undefined;
  /** Other codecs whose entries can be read. */
  readonly readable?: readonly Codec[] | undefined;
  /** What values must fit when they come from the store. */
  readonly schema?: Schema<unknown> | undefined;
  /** Told of entries that cannot be used. */
  readonly onUseless?: ((why: 'unreadable' | 'schema') => void) | undefined;
}

type MaybeDecoded = Decoded | undefined | Promise<Decoded | undefined>;

/** Values to bytes and back. */
export class EntryCodec {
  readonly #options: EntryCodecOptions;
  readonly #byId = new Map<number, Codec>();

  constructor(options: EntryCodecOptions = {}) {
    const { codec, readable = [] } = options;
    this.#options = options;
    for (const one of [jsonCodec, structuredCodec, ...readable, ...(codec ? [codec] : [])])
      this.#byId.set(one.id, one);
  }

  /** The same, with another schema. */
  holdingTo(schema: Schema<unknown> | undefined): EntryCodec {
    return schema === this.#options.schema ? this : new EntryCodec({ ...this.#options, schema });
  }

  /** Throws for what would not come back as it is. */
  encode(value: unknown, compressFrom: number): Encoded | Promise<Encoded> {
    if (value === undefined) return { codecId: jsonCodec.id, compressed: false, payload: none };
    const own = this.#options.codec;
    const { codec, payload } =
      own === undefined ? encodeExactly(value) : { codec: own, payload: own.encode(value) };
    // No character has more than three bytes, so that most need not be counted.
    const large = payload.length * 3 >= compressFrom && sizeOf(payload) >= compressFrom;
    if (large) return compress(codec.id, payload);
    return { codecId: codec.id, compressed: false, payload };
  }

  /** Undefined for bytes that are damaged, of another format, of a codec that is not known here, or whose value does not fit the schema. */
  decode(bytes: Uint8Array, maxBytes: number): MaybeDecoded {
    try {
      const envelope = readEnvelope(bytes);
      if (envelope === undefined) return this.#useless();
      return envelope.compressed
        ? this.#inflated(envelope, maxBytes)
        : this.#decoded(envelope, envelope.payload);
    } catch {
      return this.#useless();
    }
  }

  async #inflated(envelope: Envelope, maxBytes: number): Promise<Decoded | undefined> {
    try {
      const payload = await inflate(envelope.payload, { maxOutputLength: Math.min(maxBytes, maxInflated) });
      return await this.#decoded(envelope, payload);
    } catch {
      return this.#useless();
    }
  }

  #decoded(envelope: Envelope, payload: Uint8Array): MaybeDecoded {
    if (envelope.negative) return { envelope, value: undefined };
    const codec = this.#byId.get(envelope.codecId);
    if (codec === undefined) return this.#useless();
    const value = codec.decode(payload);
    const { schema } = this.#options;
    if (schema === undefined) return { envelope, value };
    const result = schema['~standard'].validate(value);
    return result instanceof Promise
      ? result.then((later) => this.#held(envelope, later))
      : this.#held(envelope, result);
  }

  #held(envelope: Envelope, result: SchemaResult<unknown>): Decoded | undefined {
    return result.issues === undefined ? { envelope, value: result.value } : this.#useless('schema');
  }

  #useless(why: 'unreadable' | 'schema' = 'unreadable'): undefined {
    this.#options.onUseless?.(why);
  }
}

async function compress(codecId: number, payload: Payload): Promise<Encoded> {
  const bytes = typeof payload === 'string' ? Buffer.from(payload, 'utf8') : payload;
  const smaller = await deflate(bytes, { level: 3 });
  return smaller.length < bytes.length
    ? { codecId, compressed: true, payload: smaller }
    : { codecId, compressed: false, payload: bytes };
}
