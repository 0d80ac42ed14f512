import type { Entry } from './log-reader.ts';
import type { Room } from './room.ts';

/** Where a follower's lines go: a socket. */
export interface Outlet {
  /** It has as much to send as it should. */
  readonly congested: boolean;
  readonly write: (lines: string, events: number) => void;
  /** What may be left out when there is much else to send. */
  readonly whisper: (line: string) => void;
  /** Calls back once, when there is room again or it is closed. */
  readonly whenRoomy: (then: () => void) => void;
}

export interface FollowerOptions {
  readonly room: Room;
  readonly outlet: Outlet;
  /** What it has seen already. */
  readonly position: number;
  readonly onCaughtUp: (room: Room, position: number) => void;
  /** More is missing than is worth sending: it is to load the channel anew, and goes on from here. */
  readonly onResync: (room: Room, position: number) => void;
  readonly onFailed: (error: unknown) => void;
}

const pageSize = 256;
const maxBehind = 5_000;

/**
 * The place of one socket in the log of one channel. As long as the socket takes what it is given, it is handed what the room is told; when it
 * does not, it is told nothing and reads on from the log as soon as it can: what is slow costs itself, and nobody else.
 */
export class Follower {
  readonly #options: FollowerOptions;
  #position: number;
  #state: 'live' | 'behind' | 'ended' = 'behind';
  #reading = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#position = options.position;
    options.room.followers.add(this);
    void this.#catchUp();
  }

  get position(): number {
    return this.#position;
  }

  get live(): boolean {
    return this.#state === 'live';
  }

  /** The room went on from one place to another. */
  hear(from: number, to: number, lines: string): void {
    if (this.#state !== 'live') return;
    const { outlet } = this.#options;
    if (outlet.congested || from !== this.#position) {
      this.#state = 'behind';
      void this.#catchUp();
      return;
    }
    outlet.write(lines, to - from);
    this.#position = to;
  }

  whisper(line: string): void {
    if (this.#state === 'live') this.#options.outlet.whisper(line);
  }

  /** Tries again after a failure. */
  resume(): void {
    if (this.#state === 'behind') void this.#catchUp();
  }

  end(): void {
    this.#state = 'ended';
    this.#options.room.followers.delete(this);
  }

  async #catchUp(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#state === 'behind') {
        if (this.#options.outlet.congested) {
          this.#options.outlet.whenRoomy(() => void this.#catchUp());
          return;
        }
        await this.#step();
      }
    } catch (error) {
      if (this.#state !== 'ended') this.#options.onFailed(error);
    } finally {
      this.#reading = false;
    }
  }

  async #step(): Promise<void> {
    const { room, outlet } = this.#options;
    const missing = room.head - this.#position;
    if (missing === 0) return this.#goLive();
    if (missing > maxBehind) return this.#resync();
    if (missing < 0) {
      // It comes from a node that had heard more.
      await room.reach(this.#position);
      if (room.head < this.#position && this.#state === 'behind') this.#resync();
      return;
    }
    const entries = await room.read(this.#position, pageSize);
    if (this.#state !== 'behind') return;
    if (entries.length === 0) throw new Error(`the log of ${room.channelId} ends before its head`);
    outlet.write(linesOf(entries), entries.length);
    this.#position += entries.length;
  }

  #resync(): void {
    const { room, onResync } = this.#options;
    this.#position = room.head;
    onResync(room, this.#position);
    this.#goLive();
  }

  #goLive(): void {
    this.#state = 'live';
    this.#options.onCaughtUp(this.#options.room, this.#position);
  }
}

const joined = new WeakMap<readonly Entry[], string>();

/** Many who read on are handed the same page: it is put together once. */
function linesOf(entries: readonly Entry[]): string {
  let lines = joined.get(entries);
  if (lines === undefined) {
    lines = entries.map(({ line }) => line).join('\n');
    joined.set(entries, lines);
  }
  return lines;
}
