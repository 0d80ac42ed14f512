import { createBatcher, safeCall, type Clock, type Timer } from '@parley/cache-core/kernel';
import { HubError } from '@parley/hub-protocol';
import type { Told } from './altered-query.ts';
import type { Entry, LogReader } from './log-reader.ts';
import { Room, type RoomOptions } from './room.ts';
import type { ChannelNews } from './topics.ts';
import type { Ear, Wire } from './wire.ts';

export interface RoomsOptions extends Pick<RoomOptions, 'clock' | 'onNews' | 'onError'> {
  readonly log: LogReader;
  readonly heads: (channelIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly wire: Wire;
  readonly epoch: () => string;
  /** Entries that a room has told, each once and in order. */
  readonly onTold?: ((channelId: string, entries: readonly Entry[]) => void) | undefined;
  /** Another node speaks of another epoch. */
  readonly onOtherEpoch: () => void;
  /** How long a room that nobody follows stays open. @default 5 s */
  readonly lingerMs?: number | undefined;
  /** How long opening a room waits for the bus. @default 1 s */
  readonly readyMs?: number | undefined;
}

interface Opened {
  readonly channelId: string;
  /** The how-manieth that was opened. */
  readonly nth: number;
  /** Heard of while it was being opened. */
  readonly early: Entry[];
  opening: Promise<Room>;
  ear: Ear | undefined;
  room: Room | undefined;
  emptySince: number | undefined;
}

const maxEarly = 4_096;

/** The channels that somebody follows on this node. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #clock: Clock;
  readonly #open = new Map<string, Opened>();
  readonly #headOf: (channelId: string) => Promise<number | undefined>;
  readonly #lingerMs: number;
  #count = 0;
  #sweep: Timer | undefined;
  #closed = false;

  constructor(options: RoomsOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#lingerMs = options.lingerMs ?? 5_000;
    this.#headOf = createBatcher<string, number | undefined>({
      maxBatch: 1_000,
      maxInFlight: 2,
      nameOf: (channelId) => channelId,
      run: async (channelIds) => {
        const heads = await options.heads(channelIds);
        return channelIds.map((channelId) => heads.get(channelId));
      },
    });
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many rooms have been opened until now: what was opened later may have missed what was asked for now. */
  get mark(): number {
    return this.#count;
  }

  /** Whether this is the room that was open already at that moment, and still is. */
  wasOpen(room: Room, mark: number): boolean {
    const known = this.#open.get(room.channelId);
    return known?.room === room && known.nth <= mark;
  }

  get(channelId: string): Room | undefined {
    return this.#open.get(channelId)?.room;
  }

  /** The heads of all that are open. */
  heads(): Map<string, number> {
    const heads = new Map<string, number>();
    for (const [channelId, { room }] of this.#open) if (room !== undefined) heads.set(channelId, room.head);
    return heads;
  }

  /** What was told last, in each of them. */
  told(): readonly Told[] {
    return [...this.#open.values()].flatMap(({ room }) => room?.told ?? []);
  }

  /** @throws {HubError} `NOT_FOUND` when there is no such channel */
  open(channelId: string): Promise<Room> {
    const known = this.#open.get(channelId);
    if (known !== undefined) {
      known.emptySince = undefined;
      return known.opening;
    }
    if (this.#closed) return Promise.reject(new HubError('DRAINING', 'this node is going away'));
    this.#count += 1;
    const opened: Opened = {
      channelId,
      nth: this.#count,
      early: [],
      opening: Promise.resolve().then(() => this.#begin(opened)),
      ear: undefined,
      room: undefined,
      emptySince: undefined,
    };
    this.#open.set(channelId, opened);
    this.#sweep ??= this.#sweepLater();
    return opened.opening;
  }

  /** Entries that were committed, here or elsewhere. */
  tell(channelId: string, entries: readonly Entry[]): void {
    const opened = this.#open.get(channelId);
    if (opened === undefined) return;
    if (opened.room !== undefined) opened.room.tell(entries);
    // Without these it would read them.
    else if (opened.early.length < maxEarly) opened.early.push(...entries);
  }

  whisper(channelId: string, line: string): void {
    this.#open.get(channelId)?.room?.whisper(line);
  }

  /** Forgets every room: the numbers of their logs belong to another history now. */
  restart(): void {
    for (const opened of this.#open.values()) this.#close(opened);
  }

  close(): void {
    this.#closed = true;
    this.#sweep?.cancel();
    this.restart();
  }

  async #begin(opened: Opened): Promise<Room> {
    const { wire, log, clock, onNews, onTold, onError, readyMs = 1_000 } = this.#options;
    const { channelId } = opened;
    try {
      if (this.#open.get(channelId) !== opened) return await this.open(channelId);
      opened.ear = wire.hearChannel(channelId, (news) => this.#hear(channelId, news));
      if (!opened.ear.live) await opened.ear.ready(readyMs);
      const head = await this.#headOf(channelId);
      if (this.#open.get(channelId) !== opened) return await this.open(channelId);
      if (head === undefined) {
        throw new HubError('NOT_FOUND', `there is no channel ${channelId}, or not for you`, {
          field: 'channelId',
        });
      }
      const room = new Room({
        channelId,
        head,
        log,
        clock,
        onError,
        onNews: (room, news) => safeCall('news of a room', onNews, room, news),
        onTold: (entries) => onTold?.(channelId, entries),
      });
      opened.room = room;
      room.tell(opened.early.splice(0));
      return room;
    } catch (error) {
      if (this.#open.get(channelId) === opened) this.#close(opened);
      throw error;
    }
  }

  #hear(channelId: string, news: ChannelNews): void {
    if ('moment' in news) this.whisper(channelId, news.moment);
    else if (news.epoch === this.#options.epoch()) this.tell(channelId, news.entries);
    else this.#options.onOtherEpoch();
  }

  #close(opened: Opened): void {
    this.#open.delete(opened.channelId);
    opened.ear?.close();
    opened.room?.close();
  }

  #sweepLater(): Timer {
    return this.#clock.timer(this.#lingerMs / 2, () => this.#closeEmpty(), { unref: true });
  }

  #closeEmpty(): void {
    const now = this.#clock.monotonic();
    for (const opened of this.#open.values()) {
      if (opened.room === undefined) continue;
      if (opened.room.followers.size > 0) opened.emptySince = undefined;
      else if (opened.emptySince === undefined) opened.emptySince = now;
      else if (now - opened.emptySince >= this.#lingerMs) this.#close(opened);
    }
    this.#sweep = this.#open.size > 0 ? this.#sweepLater() : undefined;
  }
}
