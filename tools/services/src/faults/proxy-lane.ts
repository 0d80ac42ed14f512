import type { Socket } from 'node:net';

export interface LaneShape {
  readonly delayMs: number;
  /** Largest piece written at once; `Infinity` leaves the bytes as they came. */
  readonly sliceBytes: number;
}

export interface LaneOptions {
  readonly source: Socket;
  readonly sink: Socket;
  /** Asked for every chunk, so that a change applies to connections that are already open. */
  readonly shape: () => LaneShape;
  readonly delivered: (bytes: number) => void;
}

/** Above this many waiting bytes the sender is made to wait, as on a real network. */
const HIGH_WATER = 256 * 1024;

interface Parcel {
  bytes: Buffer | 'end';
  due: number;
}

/** One direction of a connection: keeps the order of the bytes, and the backpressure between source and sink. */
export class Lane {
  readonly #options: LaneOptions;
  #queue: Parcel[] = [];
  #waitingBytes = 0;
  #waitingFor: 'time' | 'turn' | 'room' | undefined;
  #timer: NodeJS.Timeout | undefined;
  #held = false;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  push(bytes: Buffer): void {
    this.#waitingBytes += bytes.length;
    this.#enqueue(bytes);
    if (this.#waitingBytes > HIGH_WATER && !this.#held) {
      this.#held = true;
      this.#options.source.pause();
    }
  }

  /** The sender's FIN: it travels behind the bytes sent before it. */
  end(): void {
    this.#enqueue('end');
  }

  /** Delivers at once what was being delayed. */
  hurry(): void {
    for (const parcel of this.#queue) parcel.due = 0;
    if (this.#waitingFor !== 'time') return;
    clearTimeout(this.#timer);
    this.#waitingFor = undefined;
    this.#drain();
  }

  /** Forgets what is on its way; true when that lost something. */
  discard(): boolean {
    const lost = this.#queue.length > 0;
    this.#queue = [];
    this.#waitingBytes = 0;
    clearTimeout(this.#timer);
    if (this.#waitingFor === 'time') this.#waitingFor = undefined;
    this.#release();
    return lost;
  }

  #enqueue(bytes: Buffer | 'end'): void {
    this.#queue.push({ bytes, due: performance.now() + this.#options.shape().delayMs });
    if (this.#waitingFor === undefined) this.#drain();
  }

  #drain(): void {
    const { sink } = this.#options;
    for (let parcel = this.#queue[0]; parcel !== undefined; parcel = this.#queue[0]) {
      const wait = parcel.due - performance.now();
      if (wait > 0) {
        this.#waitingFor = 'time';
        this.#timer = setTimeout(() => this.#continue(), Math.ceil(wait));
        return;
      }
      if (parcel.bytes === 'end') {
        this.#queue = [];
        sink.end();
        return;
      }
      const more = this.#deliver(parcel, parcel.bytes);
      if (more !== undefined) {
        this.#waitingFor = more;
        if (more === 'turn') afterNextPoll(() => this.#continue());
        else sink.once('drain', () => this.#continue());
        return;
      }
    }
  }

  #deliver(parcel: Parcel, bytes: Buffer): 'turn' | 'room' | undefined {
    const { sliceBytes } = this.#options.shape();
    const piece = bytes.subarray(0, Math.min(sliceBytes, bytes.length));
    if (piece.length === bytes.length) this.#queue.shift();
    else parcel.bytes = bytes.subarray(piece.length);
    this.#waitingBytes -= piece.length;
    if (this.#waitingBytes <= HIGH_WATER / 2) this.#release();
    const room = this.#options.sink.write(piece);
    this.#options.delivered(piece.length);
    if (!room) return 'room';
    // One piece a turn: pieces written before the receiver has read arrive as one.
    return sliceBytes === Infinity ? undefined : 'turn';
  }

  #continue(): void {
    this.#waitingFor = undefined;
    this.#drain();
  }

  #release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#options.source.resume();
  }
}

/** An immediate set while reading sockets still runs before the next read, one set by an immediate runs after it. */
function afterNextPoll(action: () => void): void {
  setImmediate(() => setImmediate(action));
}
