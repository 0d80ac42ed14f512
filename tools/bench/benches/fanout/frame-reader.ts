import { markIn } from './mark.ts';
import type { Mark } from './mark.ts';

/** One message of a WebSocket. */
export interface Read {
  readonly marks: readonly Mark[];

  /** Its lines that are no messages of ours. */
  readonly others: readonly string[];
}

const mostKnown = 16;

/** Many receivers of a process are sent the same bytes: those are compared, and read once. */
export class FrameReader {
  readonly #isMessage: (line: string) => boolean;
  readonly #known: { readonly bytes: Buffer; readonly read: Read }[] = [];
  #next = 0;

  /** @param isMessage asked of each line: an answer to who sent something may show its text as well */
  constructor(isMessage: (line: string) => boolean = () => true) {
    this.#isMessage = isMessage;
  }

  read(bytes: Buffer): Read {
    for (const known of this.#known) if (known.bytes.equals(bytes)) return known.read;
    const marks: Mark[] = [];
    const others: string[] = [];
    for (const line of bytes.toString('latin1').split('\n')) {
      const mark = this.#isMessage(line) ? markIn(line) : undefined;
      if (mark === undefined) others.push(line);
      else marks.push(mark);
    }
    // What is handed over is a part of something larger, which would be kept with it.
    const read: Read = { marks, others };
    this.#known[this.#next] = { bytes: Buffer.from(bytes), read };
    this.#next = (this.#next + 1) % mostKnown;
    return read;
  }
}
