import { exponentialBackoff } from '@parley/cache-core/kernel';
import type { Clock, Random } from '@parley/cache-core/kernel';
import type { ReadRequest, StoredRecord, StreamPage } from './broker.ts';
import { LastDelivered } from './last-delivered.ts';
import type { Gap } from './message.ts';
import type { Position } from './position.ts';
import type { BusStats } from './stats.ts';

/** Where a subscription begins: with what comes from now on, with the oldest that is kept, or behind a position. */
export type Start = 'now' | 'oldest' | Position;

export interface CursorOptions {
  readonly channel: string;
  readonly start: Start;
  readonly clock: Clock;
  readonly random: Random;
  readonly stats: BusStats;
  readonly signal: AbortSignal;
  readonly read: (request: ReadRequest) => Promise<StreamPage>;
  /** Takes the record in any case; false asks not to be given more until `resume`. */
  readonly deliver: (record: StoredRecord, epoch: string) => boolean;
  readonly gap: (gap: Gap) => void;
  /** It has everything that there is, or does not know any more whether it has. */
  readonly live: (live: boolean) => void;
}

interface Held {
  readonly epoch: string;
  readonly record: StoredRecord;
}

const pageSize = 256;
/** How many pushed records wait for the page that comes before them. */
const maxHeld = 1_024;

/**
 * The place of one subscription in the log of one channel. It delivers the record behind the last one and nothing else: what comes again
 * is dropped, what is missing is read, and what cannot be read any more is told as a gap.
 */
export class Cursor {
  readonly #options: CursorOptions;
  #position: Position | undefined;
  #state: 'away' | 'reading' | 'live' | 'full' = 'away';
  /** Changes whenever what is under way has lost its meaning. */
  #turn = 0;
  #held: Held[] = [];
  /** The furthest that was told of while it was reading. */
  #reach: Position | undefined;
  #verifiedAt = -Infinity;
  #told = false;
  readonly #last = new LastDelivered();
  /** Of the epoch that it is in: up to where the log is that of earlier ones. */
  #lineage: readonly Position[] = [];

  constructor(options: CursorOptions) {
    this.#options = options;
    if (typeof options.start === 'object') this.#position = options.start;
  }

  get position(): Position | undefined {
    return this.#position;
  }

  get live(): boolean {
    return this.#state === 'live';
  }

  /** Everything that was appended before this moment (monotonic) has been delivered. */
  get verifiedAt(): number {
    return this.#verifiedAt;
  }

  /** @param now where the log stood when this subscription began, when that is known already */
  joined(now?: Position): void {
    if (this.#options.start === 'now') this.#position ??= now;
    void this.#catchUp();
  }

  lost(): void {
    this.#stop('away');
  }

  records(epoch: string, records: readonly StoredRecord[]): void {
    if (this.#state === 'live') this.#accept(epoch, records);
    else if (this.#state === 'reading') {
      for (const record of records) this.#held.push({ epoch, record });
      // The newest: what is missing before them is read.
      if (this.#held.length > maxHeld) this.#held.splice(0, this.#held.length - maxHeld);
    }
  }

  /** The log stands here; `asOf` is the moment (monotonic) at which that was asked. Tells whether that was news. */
  advanced(reached: Position, asOf?: number): boolean {
    if (this.#state === 'reading') this.#reach = furtherOf(this.#reach, reached);
    if (this.#state !== 'live') return false;
    const behind = this.#isBehind(reached);
    if (behind) void this.#catchUp();
    else if (asOf !== undefined) this.#verifiedAt = Math.max(this.#verifiedAt, asOf);
    return behind;
  }

  /** There is room again. */
  resume(): void {
    if (this.#state === 'full') void this.#catchUp();
  }

  close(): void {
    this.#stop('away');
  }

  #stop(state: 'away' | 'full'): void {
    this.#state = state;
    this.#turn += 1;
    this.#held = [];
    this.#tellLive(false);
  }

  #accept(epoch: string, records: readonly StoredRecord[]): void {
    for (const [i, record] of records.entries()) {
      const position = this.#position;
      if (position === undefined || position.epoch !== epoch || record.offset > position.offset + 1) {
        const rest = records.slice(i).map((later) => ({ epoch, record: later }));
        if (position?.epoch === epoch) this.#options.stats.repaired += 1;
        void this.#catchUp(rest);
        return;
      }
      if (record.offset <= position.offset) {
        this.#options.stats.duplicates += 1;
        continue;
      }
      if (!this.#take(record, epoch)) return;
    }
  }

  /** False when there is no room for more, or when who was given it has ended the subscription. */
  #take(record: StoredRecord, epoch: string): boolean {
    const turn = this.#turn;
    this.#position = { epoch, offset: record.offset };
    if (this.#last.comesAgain(record.id)) {
      this.#options.stats.duplicates += 1;
      return true;
    }
    this.#last.add(record.id);
    const room = this.#options.deliver(record, epoch);
    if (turn !== this.#turn) return false;
    if (!room) this.#stop('full');
    return room;
  }

  async #catchUp(held: Held[] = []): Promise<void> {
    const { clock, random, signal } = this.#options;
    const backoff = exponentialBackoff({ baseMs: 50, maxMs: 2_000, minMs: 5, random });
    this.#state = 'reading';
    this.#held = held;
    const turn = (this.#turn += 1);
    for (let failures = 0; turn === this.#turn;) {
      const progress = await this.#readOn(turn).catch(() => false);
      if (turn !== this.#turn || this.live) return;
      failures = progress ? 0 : failures + 1;
      if (failures === 0) continue;
      await clock.sleep(backoff(failures), { signal, unref: true }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  /** Tells whether it came further. */
  async #readOn(turn: number): Promise<boolean> {
    const { clock, read, channel, start } = this.#options;
    const asked = clock.monotonic();
    const before = this.#position;
    // What was told before the log is asked must be in the answer; what is told meanwhile need not be.
    const early = this.#held;
    this.#held = [];
    this.#reach = undefined;
    const limit = before === undefined && start === 'now' ? 0 : pageSize;
    const page = await read({ channel, after: before, limit }).finally(() => {
      if (turn === this.#turn) this.#held = early.concat(this.#held);
    });
    if (turn !== this.#turn) return true;
    const ended = this.#apply(page);
    if (turn !== this.#turn) return true;
    if (ended && this.#applyHeld(early.length) && !this.#isBehind(this.#reach)) this.#goLive(asked);
    return this.#position !== before;
  }

  #goLive(asked: number): void {
    this.#verifiedAt = asked;
    this.#state = 'live';
    this.#tellLive(true);
  }

  #tellLive(live: boolean): void {
    if (this.#told === live) return;
    this.#told = live;
    this.#options.live(live);
  }

  #isBehind(reached: Position | undefined): boolean {
    if (reached === undefined) return false;
    const position = this.#position;
    return position === undefined || position.epoch !== reached.epoch || reached.offset > position.offset;
  }

  /** Whether it is at the end of the log. */
  #apply({ epoch, top, oldest, lineage, records }: StreamPage): boolean {
    const turn = this.#turn;
    if (this.#position === undefined) {
      this.#position = { epoch, offset: this.#options.start === 'now' ? top : oldest - 1 };
    } else if (this.#position.epoch !== epoch || this.#position.offset > top) {
      this.#changeEpoch(this.#position, epoch, lineage);
    }
    this.#lineage = lineage;
    if (this.#position.offset + 1 < oldest) {
      this.#tellGap('trimmed', { epoch, offset: oldest - 1 }, oldest - 1 - this.#position.offset);
    }
    // Who is told of a gap may end the subscription there.
    if (turn !== this.#turn) return false;
    for (const record of records) {
      if (record.offset === this.#position.offset + 1 && !this.#take(record, epoch)) return false;
    }
    return this.#position.offset >= top;
  }

  #changeEpoch(from: Position, epoch: string, lineage: readonly Position[]): void {
    // A server that takes over may never have heard of the epoch that it ends: then of the one before that.
    // Where nothing is known to be the same, everything that is there is new.
    const [common = 0] = [from, ...this.#lineage].flatMap((mine) =>
      lineage.filter(({ epoch }) => epoch === mine.epoch).map(({ offset }) => Math.min(mine.offset, offset)),
    );
    const offset = Math.min(from.offset, common);
    this.#last.turn();
    this.#tellGap('epoch', { epoch, offset }, undefined);
  }

  #tellGap(reason: Gap['reason'], to: Position, missing: number | undefined): void {
    const { channel, gap, stats } = this.#options;
    const from = this.#position ?? to;
    this.#position = to;
    stats.gaps += 1;
    gap({ channel, reason, from, to, missing });
  }

  /** Whether what was pushed meanwhile follows without a hole. Of what was there before the log was asked, misfits mean nothing. */
  #applyHeld(early: number): boolean {
    const held = this.#held;
    this.#held = [];
    for (const [i, { epoch, record }] of held.entries()) {
      const position = this.#position;
      if (position?.epoch !== epoch || record.offset > position.offset + 1) {
        if (i < early) continue;
        this.#held = held.slice(i);
        return false;
      }
      if (record.offset > position.offset && !this.#take(record, epoch)) return false;
    }
    return true;
  }
}

function furtherOf(one: Position | undefined, other: Position): Position {
  return one?.epoch === other.epoch && one.offset > other.offset ? one : other;
}
