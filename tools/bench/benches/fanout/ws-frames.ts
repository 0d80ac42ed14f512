import { randomBytes } from 'node:crypto';

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

export type TakeFrame = (opcode: number, payload: Buffer) => void;

/**
 * Takes the frames of a server out of the bytes of a connection. It does less than a client has to: no compression, no messages in parts,
 * which none of the servers here sends. So the clients of all subjects take little of the processors that they share with the servers.
 */
export class FrameSplitter {
  readonly #take: TakeFrame;
  #rest: Buffer | undefined;

  constructor(take: TakeFrame) {
    this.#take = take;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const frame = frameAt(bytes, at);
      if (frame === undefined) break;
      this.#take(frame.opcode, bytes.subarray(frame.from, frame.to));
      at = frame.to;
    }
    this.#rest = at === bytes.length ? undefined : bytes.subarray(at);
  }
}

function frameAt(bytes: Buffer, at: number): { opcode: number; from: number; to: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  const [first, second] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
  if ((first & 0xf0) !== 0x80) throw new Error('the server sends messages in parts, or compressed');
  if ((second & 0x80) !== 0) throw new Error('the server masks what it sends');
  const more = second === 127 ? 8 : second === 126 ? 2 : 0;
  const from = at + 2 + more;
  if (bytes.length < from) return undefined;
  const length =
    more === 0 ? second : more === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return bytes.length < from + length ? undefined : { opcode: first & 0x0f, from, to: from + length };
}

/** As a server sends it: everybody is sent the same bytes. */
export function serverFrame(payload: Buffer): Buffer {
  return Buffer.concat([headOf(opcodes.text, payload.length, 0), payload]);
}

/** As a client sends it: with a mask of its own, which a server has to take off. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const masked = Buffer.from(payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0)));
  return Buffer.concat([headOf(opcode, payload.length, 0x80), mask, masked]);
}

function headOf(opcode: number, length: number, masked: number): Buffer {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, masked | length]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head.writeUInt8(first, 0);
  if (length < 65_536) {
    head.writeUInt8(masked | 126, 1);
    head.writeUInt16BE(length, 2);
  } else {
    head.writeUInt8(masked | 127, 1);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return head;
}
