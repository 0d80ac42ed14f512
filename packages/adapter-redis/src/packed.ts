import { Command } from 'ioredis';

/**
 * A command in the form of the protocol already. The driver takes some microseconds for a hundred words; those of a large batch are
 * written here, straight from where they are into what is sent.
 */
export class PackedCommand extends Command {
  readonly #bytes: Buffer;

  constructor(name: string, bytes: Buffer) {
    super(name, [], { replyEncoding: null });
    this.#bytes = bytes;
  }

  override toWritable(): Buffer {
    return this.#bytes;
  }
}

/** The most that a word has besides its own bytes. */
const wordOverhead = 16;

const dollar = 36;
const star = 42;
const zero = 48;

/** Writes the words of one command. Whoever uses it knows how long it gets at the most. */
export class Packer {
  readonly buffer: Buffer;
  readonly #view: DataView;
  #at = 0;
  /** Whether all texts were ASCII; what was written is of no use otherwise. */
  #ascii = true;

  constructor(words: number, maxBytes: number) {
    this.buffer = Buffer.allocUnsafe(maxBytes + (words + 1) * wordOverhead);
    this.#view = new DataView(this.buffer.buffer, this.buffer.byteOffset, this.buffer.length);
    this.#head(star, words);
  }

  text(word: string): void {
    this.#head(dollar, word.length);
    const { buffer } = this;
    let at = this.#at;
    for (let i = 0; i < word.length; i++) {
      const unit = word.charCodeAt(i);
      if (unit > 0x7f) this.#ascii = false;
      buffer[at++] = unit;
    }
    this.#at = at;
    this.#endWord();
  }

  /** @param head what stands before the bytes in the same word: a form, and numbers (float64, little-endian) to put into it */
  bytes(
    head: Uint8Array,
    numbers: readonly (readonly [at: number, value: number])[],
    bytes: Uint8Array,
  ): void {
    this.#head(dollar, head.length + bytes.length);
    this.buffer.set(head, this.#at);
    for (const [at, value] of numbers) this.#view.setFloat64(this.#at + at, value, true);
    this.buffer.set(bytes, this.#at + head.length);
    this.#at += head.length + bytes.length;
    this.#endWord();
  }

  /** Undefined where a text was not ASCII. */
  finish(name: string): PackedCommand | undefined {
    return this.#ascii ? new PackedCommand(name, this.buffer.subarray(0, this.#at)) : undefined;
  }

  #head(sign: number, length: number): void {
    const { buffer } = this;
    buffer[this.#at++] = sign;
    let digits = 1;
    for (let rest = length; rest >= 10; rest = Math.floor(rest / 10)) digits++;
    for (let i = digits - 1, rest = length; i >= 0; i--, rest = Math.floor(rest / 10)) {
      buffer[this.#at + i] = zero + (rest % 10);
    }
    this.#at += digits;
    this.#endWord();
  }

  #endWord(): void {
    this.buffer[this.#at++] = 13;
    this.buffer[this.#at++] = 10;
  }
}
