import { linesOf, type ServerFrame } from '@parley/hub-protocol';
import { markAt } from './content.ts';

/** One event of a channel's log, as far as the ledger wants to know. */
export interface SeenEvent {
  readonly type: 'logged';
  readonly channelId: string;
  readonly seq: number;
  /** Of the message; 0: it is none of this run. */
  readonly number: number;
  readonly due: number;
}

export type Seen = SeenEvent | Exclude<ServerFrame, { type: 'unknown' }>;

interface Known {
  readonly bytes: Buffer;
  readonly seen: readonly Seen[];
}

const mostKnown = 16;
const logged = /"channelId":"([^"]+)","seq":(\d+),"epoch":"[^"]*"\}$/u;

/**
 * Reads what a hub sends. Many receivers in one process are sent the same bytes: those are compared, and read once. So the generator takes a
 * small part of what a client takes that does something with each message.
 */
export class FrameReader {
  readonly #marker: string;
  readonly #known: Known[] = [];
  #next = 0;

  constructor(marker: string) {
    this.#marker = marker;
  }

  read(bytes: Buffer): readonly Seen[] {
    for (const known of this.#known)
      if (known.bytes.length === bytes.length && known.bytes.equals(bytes)) return known.seen;
    const seen = linesOf(bytes.toString()).map((line) => this.#line(line));
    // What is handed over may be a part of something much larger, which would be kept with it.
    this.#known[this.#next] = { bytes: Buffer.from(bytes), seen };
    this.#next = (this.#next + 1) % mostKnown;
    return seen;
  }

  #line(line: string): Seen {
    // The envelope stands behind the event, and nothing that people write stands behind it.
    const found = line.startsWith('{"type":"event"') ? logged.exec(line.slice(-260)) : null;
    // The hub's own frames: what is looked at of them is looked at with care.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (found === null) return JSON.parse(line) as Seen;
    const [, channelId = '', seq = ''] = found;
    const at = line.indexOf(this.#marker);
    const mark = at === -1 || !isNew(line) ? { number: 0, due: 0 } : markAt(line, at + this.#marker.length);
    return { type: 'logged', channelId, seq: Number(seq), ...mark };
  }
}

/** An edit or a pin shows the text of a message again. */
function isNew(line: string): boolean {
  return /^\{"type":"event","event":\{"type": ?"(?:channel|thread)\.message"/u.test(line);
}
