import {
  exponentialBackoff,
  type Backoff,
  type Clock,
  type Random,
  type Timer,
} from '@parley/cache-core/kernel';
import type { ClientFrame, ReadFrame } from '@parley/hub-protocol';
import type { Base, ChannelStore, Entry } from './channel-store.ts';

export interface SyncOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly channels: ReadonlyMap<string, ChannelStore>;
  readonly send: (frame: ClientFrame) => boolean;
  /** An event of the log was applied. */
  readonly onApplied: (entry: Entry) => void;
  /** An event that is kept nowhere. */
  readonly onMoment: (entry: Entry) => void;
  /** The channel is to be read anew, or for the first time. `again`: also when that is under way, because it may be too old. */
  readonly load: (channelId: string, again?: boolean) => void;
  readonly isLoading: (channelId: string) => boolean;
  /** The channel is not there any more, or not for this user. */
  readonly onGone: (channelId: string) => void;
  readonly onEpoch: (epoch: string) => void;
  readonly isLeave: (entry: Entry) => boolean;
}

interface Repair {
  early: Map<number, Entry>;
  /** The last number that was heard of while there was nobody to apply it. */
  head: number;
  timer: Timer | undefined;
  failures: number;
}

/** Events that came too early are kept for a while: often the missing one is right behind. */
const mostEarly = 1_000;

const refPrefix = 'after:';

/** Brings each channel forward, one number after the other, whatever is lost, repeated or out of order on the way. */
export class Sync {
  epoch: string | undefined;
  readonly #options: SyncOptions;
  readonly #repairs = new Map<string, Repair>();
  readonly #backoff: Backoff;

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#backoff = exponentialBackoff({ baseMs: 2_000, maxMs: 15_000, minMs: 500, random: options.random });
  }

  /** What frames of other types say is for others. */
  take(frame: ReadFrame): void {
    if (frame.type === 'event') {
      if (frame.seq === undefined || frame.channelId === null) this.#options.onMoment(frame);
      else this.#offer(frame, frame.channelId, frame.seq);
    } else if (frame.type === 'caught_up') {
      this.#reaches(frame.channelId, frame.seq);
    } else if (frame.type === 'heads') {
      this.turnTo(frame.epoch);
      for (const [channelId, seq] of Object.entries(frame.heads)) this.#reaches(channelId, seq);
    } else if (frame.type === 'resync') {
      this.turnTo(frame.epoch);
      this.#standAt(frame.channelId, frame.seq);
      this.#options.load(frame.channelId, true);
    } else if (frame.type === 'gone') {
      this.#options.onGone(frame.channelId);
    } else if (frame.type === 'error') {
      const { ref, error } = frame;
      // Asked for what was missed, and it is not for this user any more.
      if (ref?.startsWith(refPrefix) === true && error.status >= 403 && error.status <= 410)
        this.#options.onGone(ref.slice(refPrefix.length));
    }
  }

  /** Numbers of another epoch mean other events. */
  turnTo(epoch: string): void {
    if (this.epoch === epoch) return;
    this.epoch = epoch;
    for (const repair of this.#repairs.values()) Object.assign(repair, { early: new Map(), head: 0 });
    this.#options.onEpoch(epoch);
  }

  /** The channel stands at a place now: takes what came early, and asks for what is missing. */
  goOn(store: ChannelStore): void {
    if (this.#options.isLoading(store.id)) return;
    const { early, head } = this.#of(store.id);
    if (store.epoch === this.epoch) store.head = Math.max(store.head, head);
    for (const [seq, { epoch = store.epoch }] of early)
      if (seq <= store.position || epoch !== store.epoch) early.delete(seq);
    for (;;) {
      const next = early.get(store.position + 1);
      if (next === undefined) break;
      early.delete(store.position + 1);
      if (!this.#apply(store, next, store.position + 1)) return;
    }
    if (store.position < store.head) this.#repair(store);
    else this.#settled(store.id);
  }

  /** A channel that is new here begins before what has been told of it already, so that listeners hear of that as well. */
  beginning(base: Base): Base {
    let { position } = base;
    for (const [seq, { epoch }] of this.#of(base.channel.id).early)
      if (epoch === base.epoch) position = Math.min(position, seq - 1);
    return { ...base, position };
  }

  /** The hub was told the positions with `hello`, and begins there. */
  restart(): void {
    for (const id of this.#repairs.keys()) this.#settled(id);
  }

  forget(channelId: string): void {
    this.#settled(channelId);
    this.#repairs.delete(channelId);
  }

  #offer(entry: Entry, channelId: string, seq: number): void {
    const { channels, load, isLoading, isLeave } = this.#options;
    const store = channels.get(channelId);
    if (store === undefined) {
      // What was told before is over with it.
      if (isLeave(entry)) return this.forget(channelId);
      this.#keep(entry, channelId, seq);
      load(channelId);
      return;
    }
    const other = entry.epoch !== undefined && entry.epoch !== store.epoch;
    if (!isLoading(channelId)) {
      if (other) {
        load(channelId);
        return;
      }
      if (seq <= store.position) return;
      if (seq === store.position + 1) {
        if (this.#apply(store, entry, seq) && this.#repairs.has(channelId)) this.goOn(store);
        return;
      }
    }
    // What another epoch brings is asked for again, once it is known where the channel stands in it.
    if (other && entry.epoch !== this.epoch) return;
    this.#keep(entry, channelId, seq);
    store.dirty();
    this.goOn(store);
  }

  #keep(entry: Entry, channelId: string, seq: number): void {
    const repair = this.#of(channelId);
    repair.head = Math.max(repair.head, seq);
    if (repair.early.size < mostEarly) repair.early.set(seq, entry);
  }

  /** Whether the channel is still there. */
  #apply(store: ChannelStore, entry: Entry, seq: number): boolean {
    const { onApplied, onGone, isLeave, load } = this.#options;
    store.apply(entry, seq);
    onApplied(entry);
    if (isLeave(entry)) {
      onGone(store.id);
      return false;
    }
    // What is known and could not be read has changed something.
    if (entry.event.type === 'unknown' && entry.event.fault !== null) load(store.id);
    return true;
  }

  #reaches(channelId: string, seq: number): void {
    const { channels, load } = this.#options;
    const repair = this.#of(channelId);
    repair.head = Math.max(repair.head, seq);
    const store = channels.get(channelId);
    if (store === undefined || store.epoch !== this.epoch) {
      load(channelId);
      return;
    }
    store.dirty();
    this.goOn(store);
  }

  /** What was known of the end before may be of a history that is gone. */
  #standAt(channelId: string, seq: number): void {
    Object.assign(this.#of(channelId), { early: new Map(), head: seq });
    const store = this.#options.channels.get(channelId);
    if (store !== undefined) store.head = seq;
  }

  #repair(store: ChannelStore): void {
    const { id, position: after, epoch } = store;
    const repair = this.#of(id);
    if (repair.timer !== undefined) return;
    if (!this.#options.send({ type: 'subscribe', ref: refPrefix + id, channelId: id, after, epoch })) return;
    repair.failures += 1;
    repair.timer = this.#options.clock.timer(this.#backoff(repair.failures), () => {
      repair.timer = undefined;
      if (this.#options.channels.get(id) === store) this.goOn(store);
    });
  }

  #settled(channelId: string): void {
    const repair = this.#repairs.get(channelId);
    if (repair === undefined) return;
    repair.timer?.cancel();
    repair.timer = undefined;
    repair.failures = 0;
  }

  #of(channelId: string): Repair {
    const repair = this.#repairs.get(channelId) ?? {
      early: new Map(),
      head: 0,
      timer: undefined,
      failures: 0,
    };
    this.#repairs.set(channelId, repair);
    return repair;
  }
}
