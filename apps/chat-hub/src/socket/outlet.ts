import type { Clock } from '@parley/cache-core/kernel';
import type { ServerFrame } from '@parley/hub-protocol';
import type { Outlet } from '../live/follower.ts';
import type { Ear } from '../presence/ear.ts';
import { FrameEncoder } from './encode.ts';
import type { FrameFigures } from './frame-figures.ts';
import type { SocketServices } from './services.ts';
import type { SocketEnd } from './socket-end.ts';
import type { Flushed } from './ticker.ts';

/** Above the first, followers wait; above the second, what is kept nowhere is left out. */
const highWater = 1_048_576;
const momentWater = 262_144;
/** Characters of one WebSocket message, about. */
const maxMessage = 262_144;

export type OutletServices = Pick<SocketServices, 'ticker' | 'clock' | 'figures'>;

/** The way out to one socket. */
export class SocketOutlet implements Outlet, Ear, Flushed {
  readonly #end: SocketEnd;
  readonly #ticker: Pick<SocketServices['ticker'], 'add'>;
  readonly #clock: Clock;
  readonly #figures: FrameFigures;
  #pieces: string[] = [];
  #waitingChars = 0;
  #roomy: (() => void)[] | undefined;
  #calm: (() => void)[] | undefined;
  /** When something of what waits was last taken. */
  #progressAt = 0;
  #dropped = 0;

  constructor(end: SocketEnd, { ticker, clock, figures }: OutletServices) {
    this.#end = end;
    this.#ticker = ticker;
    this.#clock = clock;
    this.#figures = figures;
  }

  /** Bytes that wait to be taken, about. */
  get load(): number {
    return this.#waitingChars + this.#end.bufferedAmount;
  }

  get congested(): boolean {
    return this.load > highWater;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** For how long the socket has taken nothing of what waits for it. */
  stuckMs(now: number): number {
    return this.#end.bufferedAmount > 0 ? now - this.#progressAt : 0;
  }

  write(lines: string, events: number): void {
    if (!this.#end.isOpen) return;
    this.#figures.events += events;
    this.#add(lines);
  }

  /** A frame that is no event. */
  say(frame: ServerFrame): void {
    if (!this.#end.isOpen) return;
    this.#figures.said(frame.type);
    if (frame.type === 'error') this.#figures.refused(frame.error.code);
    this.#add(JSON.stringify(frame));
  }

  #add(lines: string): void {
    if (this.#pieces.length === 0) this.#ticker.add(this);
    this.#pieces.push(lines);
    this.#waitingChars += lines.length;
  }

  /** False: it was left out. */
  whisper(line: string): boolean {
    if (this.load > momentWater) {
      this.#dropped += 1;
      return false;
    }
    this.write(line, 1);
    return true;
  }

  /** A frame that is no event, and the same for many. False: it was left out. */
  tell(type: ServerFrame['type'], line: string): boolean {
    if (this.load > momentWater) return false;
    if (!this.#end.isOpen) return true;
    this.#figures.said(type);
    this.#add(line);
    return true;
  }

  /** Calls back once, when there is room for what may be left out or it is closed. */
  whenCalm(then: () => void): void {
    (this.#calm ??= []).push(then);
    if (this.load <= momentWater / 2) queueMicrotask(() => this.#tellRoomy());
  }

  whenRoomy(then: () => void): void {
    if (this.congested) (this.#roomy ??= []).push(then);
    else queueMicrotask(then);
  }

  flush(encoder: FrameEncoder): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#waitingChars = 0;
    for (let from = 0; from < pieces.length && this.#end.isOpen;) {
      const to = endOfMessage(pieces, from);
      if (this.#end.bufferedAmount === 0) this.#progressAt = this.#clock.monotonic();
      const some = from === 0 && to === pieces.length ? pieces : pieces.slice(from, to);
      const frame = encoder.encode(some);
      this.#figures.bytesOut += frame.length;
      this.#end.write(frame, this.#taken);
      from = to;
    }
    if (pieces.length > 0) this.#tellRoomy();
  }

  /** Writes what waits without waiting for its turn, and closes. */
  end(code: number): void {
    this.flush(new FrameEncoder());
    this.#end.close(code);
  }

  /** Whoever waits goes on, and finds it closed. */
  close(): void {
    this.#pieces = [];
    this.#waitingChars = 0;
    this.#tellAll();
  }

  readonly #taken = (): void => {
    this.#progressAt = this.#clock.monotonic();
    this.#tellRoomy();
  };

  #tellRoomy(): void {
    if (this.#roomy !== undefined && this.load <= highWater / 2) this.#tellWaiting();
    if (this.#calm !== undefined && this.load <= momentWater / 2) this.#tellCalm();
  }

  #tellAll(): void {
    this.#tellWaiting();
    this.#tellCalm();
  }

  #tellWaiting(): void {
    const waiting = this.#roomy;
    this.#roomy = undefined;
    for (const then of waiting ?? []) then();
  }

  #tellCalm(): void {
    const waiting = this.#calm;
    this.#calm = undefined;
    for (const then of waiting ?? []) then();
  }
}

function endOfMessage(pieces: readonly string[], from: number): number {
  let size = pieces[from]?.length ?? 0;
  let to = from + 1;
  for (; to < pieces.length; to += 1) {
    size += pieces[to]?.length ?? 0;
    if (size > maxMessage) break;
  }
  return to;
}
