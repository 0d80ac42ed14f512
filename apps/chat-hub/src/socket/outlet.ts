import type { Clock } from '@parley/cache-core/kernel';
import type { ServerFrame } from '@parley/hub-protocol';
import type { Outlet } from '../live/follower.ts';
import type { Ear } from '../presence/ear.ts';
import { TickEncoder } from './encode.ts';
import type { FrameFigures } from './frame-figures.ts';
import type { SocketServices } from './services.ts';

/** Above the first, followers wait; above the second, what is kept nowhere is left out. */
const highWater = 1_048_576;
const momentWater = 262_144;
/** Characters of one WebSocket message, about. */
const maxMessage = 262_144;

/** Writes together, at the end of the tick, what was said to many sockets within it. */
export class Ticker {
  #dirty = new Set<SocketOutlet>();

  add(outlet: SocketOutlet): void {
    if (this.#dirty.size === 0) setImmediate(() => this.#flush());
    this.#dirty.add(outlet);
  }

  #flush(): void {
    const outlets = this.#dirty;
    this.#dirty = new Set();
    const encoder = new TickEncoder();
    for (const outlet of outlets) outlet.flush(encoder);
  }
}

export type OutletServices = Pick<SocketServices, 'ticker' | 'clock' | 'figures'>;

/** What a socket is to who writes to it. */
export interface SocketEnd {
  readonly OPEN: number;
  readonly readyState: number;
  readonly bufferedAmount: number;
  readonly send: (data: Buffer, options: { readonly binary: boolean }, taken: () => void) => void;
}

/** The way out to one socket. */
export class SocketOutlet implements Outlet, Ear {
  readonly #ws: SocketEnd;
  readonly #ticker: Ticker;
  readonly #clock: Clock;
  readonly #figures: FrameFigures;
  #pieces: string[] = [];
  #waitingChars = 0;
  #roomy: (() => void)[] | undefined;
  #calm: (() => void)[] | undefined;
  /** When something of what waits was last taken. */
  #progressAt = 0;
  #dropped = 0;

  constructor(ws: SocketEnd, { ticker, clock, figures }: OutletServices) {
    this.#ws = ws;
    this.#ticker = ticker;
    this.#clock = clock;
    this.#figures = figures;
  }

  /** Bytes that wait to be taken, about. */
  get load(): number {
    return this.#waitingChars + this.#ws.bufferedAmount;
  }

  get congested(): boolean {
    return this.load > highWater;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** For how long the socket has taken nothing of what waits for it. */
  stuckMs(now: number): number {
    return this.#ws.bufferedAmount > 0 ? now - this.#progressAt : 0;
  }

  write(lines: string, events: number): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    this.#figures.events += events;
    this.#add(lines);
  }

  /** A frame that is no event. */
  say(frame: ServerFrame): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
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
    if (this.#ws.readyState !== this.#ws.OPEN) return true;
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

  flush(encoder: TickEncoder): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#waitingChars = 0;
    for (let from = 0; from < pieces.length && this.#ws.readyState === this.#ws.OPEN;) {
      const to = endOfMessage(pieces, from);
      if (this.#ws.bufferedAmount === 0) this.#progressAt = this.#clock.monotonic();
      const some = from === 0 && to === pieces.length ? pieces : pieces.slice(from, to);
      const data = encoder.encode(some);
      this.#figures.bytesOut += data.length;
      this.#ws.send(data, { binary: false }, this.#taken);
      from = to;
    }
    if (pieces.length > 0) this.#tellRoomy();
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
