import { exponentialBackoff } from '@parley/cache-core/kernel';
import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { Change, Changed } from './change.ts';
import type { LeaseHolder } from './lease-holder.ts';
import type { Line } from './line.ts';
import type { PresenceStats } from './stats.ts';
import type { Appended } from './view.ts';
import { keyOf, partingOf, removalOf, type EntryName, type WantedEntry } from './wanted.ts';

export interface RegistrarOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly line: Line;
  readonly leases: LeaseHolder;
  readonly stats: PresenceStats;
  readonly coalesceMs: number;
  readonly closing: AbortSignal;
  readonly tell: (appended: readonly Appended[]) => void;
  /** Another process has it now. */
  readonly onTaken: (entry: EntryName) => void;
}

/** A change on its way to the store. */
interface Waiting {
  readonly change: Change;
  readonly waiters: (() => void)[];
  /** After this (monotonic) it is of no use any more. */
  readonly until: number;
}

interface Quiet {
  readonly held: Map<string, Waiting>;
  readonly timer: Timer;
}

interface Wanted {
  readonly entry: WantedEntry;
  /** Until it was once there it is taken from whoever has it; afterwards it is given up to whoever takes it. */
  claimed: boolean;
}

export interface SubmitOptions {
  /** Whether it is registered again when the store has lost it. @default true */
  readonly lasting?: boolean | undefined;
  /** Whether it may wait for others of its channel, when there has just been one. @default false */
  readonly gentle?: boolean | undefined;
  /** Whether it is taken from whoever has it, also when it was given up to them before. @default false */
  readonly claim?: boolean | undefined;
}

const batchSize = 512;

/**
 * What this process wants the store to hold, and what of it the store does not have yet. Of several changes of one entry only the last is
 * sent. One call is under way at a time, so that changes arrive in their order; what comes meanwhile goes together with the next one.
 */
export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #wanted = new Map<string, Wanted>();
  #waiting = new Map<string, Waiting>();
  /** Channels of which a change has just been sent, and those that wait for the others to come. */
  readonly #quiet = new Map<string, Quiet>();
  #draining = false;
  #again: Timer | undefined;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    options.leases.onLost(() => this.#registerAgain());
  }

  get entries(): number {
    return this.#wanted.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves when the store has it. */
  set(entry: WantedEntry, options: SubmitOptions = {}): Promise<void> {
    const { lasting = true, gentle = false, claim = false } = options;
    const key = keyOf(entry);
    const claimed = !claim && (this.#wanted.get(key)?.claimed ?? false);
    if (lasting) this.#wanted.set(key, { entry, claimed });
    const until =
      lasting || entry.forMs === undefined ? Infinity : this.#options.clock.monotonic() + entry.forMs;
    return this.#submit({ ...entry, kind: 'set', take: !lasting || !claimed }, until, gentle);
  }

  /** Resolves when the store has taken it away. */
  drop(entry: EntryName): Promise<void> {
    this.#wanted.delete(keyOf(entry));
    return this.#submit(removalOf(entry), Infinity, false);
  }

  /** It is not taken from anybody any more, also by what is waiting: whoever has it by then has the better claim. */
  concede(entry: EntryName): void {
    const wanted = this.#wanted.get(keyOf(entry));
    if (wanted !== undefined) wanted.claimed = true;
  }

  wants(entry: EntryName): boolean {
    return this.#wanted.has(keyOf(entry));
  }

  /** What makes of everything what the end of the lease would, a batch at a time. */
  partings(): Change[][] {
    const all = Array.from(this.#wanted.values(), ({ entry }) => partingOf(entry));
    const size = this.#batchSize;
    return Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
      all.slice(i * size, (i + 1) * size),
    );
  }

  close(): void {
    this.#again?.cancel();
    for (const { held, timer } of this.#quiet.values()) {
      timer.cancel();
      for (const { waiters } of held.values()) settle(waiters);
    }
    for (const { waiters } of this.#waiting.values()) settle(waiters);
    this.#quiet.clear();
    this.#waiting.clear();
    this.#wanted.clear();
  }

  get #batchSize(): number {
    return Math.min(batchSize, this.#options.line.store.capabilities.maxBatch);
  }

  #submit(change: Change, until: number, gentle: boolean): Promise<void> {
    if (this.#options.closing.aborted) return Promise.resolve();
    const key = keyOf(change);
    const quiet = this.#quiet.get(change.channel)?.held;
    const earlier = [...(this.#waiting.get(key)?.waiters ?? []), ...(quiet?.get(key)?.waiters ?? [])];
    quiet?.delete(key);
    return new Promise((resolve) => {
      const waiting: Waiting = { change, waiters: [...earlier, resolve], until };
      // What is waiting already must not be overtaken by what it was replaced with.
      if (gentle && quiet !== undefined && !this.#waiting.delete(key)) {
        quiet.set(key, waiting);
        return;
      }
      if (gentle) this.#hush(change.channel);
      this.#enqueue(key, waiting);
    });
  }

  #enqueue(key: string, waiting: Waiting): void {
    this.#waiting.delete(key);
    this.#waiting.set(key, waiting);
    if (this.#draining) return;
    this.#draining = true;
    void this.#drain();
  }

  /** Changes of the channel that come within the next moments go together. */
  #hush(channel: string): void {
    const { clock, coalesceMs } = this.#options;
    if (coalesceMs === 0 || this.#quiet.has(channel)) return;
    const held = new Map<string, Waiting>();
    const timer = clock.timer(
      coalesceMs,
      () => {
        this.#quiet.delete(channel);
        if (held.size === 0) return;
        this.#hush(channel);
        for (const [key, waiting] of held) this.#enqueue(key, waiting);
      },
      { unref: true },
    );
    this.#quiet.set(channel, { held, timer });
  }

  async #drain(): Promise<void> {
    const { clock, random, closing, stats } = this.#options;
    const backoff = exponentialBackoff({ baseMs: 50, maxMs: 1_000, minMs: 10, random });
    // Calls of one turn go together.
    await Promise.resolve();
    for (let failures = 0; this.#waiting.size > 0 && !closing.aborted;) {
      try {
        await this.#send();
        failures = 0;
      } catch {
        failures += 1;
        stats.retries += 1;
        await clock.sleep(backoff(failures), { signal: closing, unref: true }).catch(() => undefined);
      }
    }
    this.#draining = false;
  }

  async #send(): Promise<void> {
    const { line, leases, stats, clock, tell } = this.#options;
    const { lease, former } = await leases.hold();
    const size = this.#batchSize;
    const now = clock.monotonic();
    const sent = new Map<string, Waiting>();
    for (const [key, waiting] of this.#waiting) {
      if (sent.size >= size) break;
      this.#waiting.delete(key);
      if (waiting.until > now) sent.set(key, waiting);
      else settle(waiting.waiters);
    }
    if (sent.size === 0) return;
    stats.batches += 1;
    stats.changes += sent.size;
    const turn = leases.nextTurn();
    const changes = Array.from(sent, ([key, { change }]) => this.#asWanted(key, change));
    let changed: Changed;
    try {
      changed = await line.call('change presence', (store, signal) =>
        store.change({ lease, turn, former, changes }, { signal }),
      );
    } catch (error) {
      this.#putBack(sent);
      throw error;
    }
    tell(changed.appended);
    if (changed.verdict !== 'done') {
      this.#putBack(sent);
      leases.lapsed(lease);
      return;
    }
    for (const [i, [key, { change, waiters }]] of [...sent].entries()) {
      this.#conclude(key, change, changed.outcomes[i]);
      settle(waiters);
    }
    if (this.#waiting.size === 0 && this.#again === undefined) leases.settled();
  }

  /** Whether it is taken from others may have changed while it waited. */
  #asWanted(key: string, change: Change): Change {
    const wanted = this.#wanted.get(key);
    return change.kind === 'remove' || wanted === undefined ? change : { ...change, take: !wanted.claimed };
  }

  #conclude(key: string, change: Change, outcome: string | undefined): void {
    const wanted = this.#wanted.get(key);
    if (change.kind === 'remove' || wanted === undefined) return;
    // What was wished since then is on its way, and decides.
    if (this.#waiting.has(key)) return;
    if (outcome !== 'taken') {
      wanted.claimed = true;
      return;
    }
    this.#wanted.delete(key);
    this.#options.stats.takenOver += 1;
    this.#options.onTaken(change);
  }

  /** Before what came meanwhile; what was replaced meanwhile is not sent again, and whoever waits for it waits for the other. */
  #putBack(sent: ReadonlyMap<string, Waiting>): void {
    if (this.#options.closing.aborted) {
      for (const { waiters } of sent.values()) settle(waiters);
      return;
    }
    const later = this.#waiting;
    this.#waiting = new Map();
    for (const [key, waiting] of sent) {
      const other = later.get(key);
      if (other === undefined) this.#waiting.set(key, waiting);
      else other.waiters.push(...waiting.waiters);
    }
    for (const [key, waiting] of later) this.#waiting.set(key, waiting);
  }

  /**
   * The store may have lost what is here. Many processes notice that together, so each waits for a moment of its own, and a little between
   * one part and the next.
   */
  #registerAgain(): void {
    const { clock, random } = this.#options;
    this.#again?.cancel();
    const keys = [...this.#wanted.keys()];
    let from = 0;
    const next = (): void => {
      this.#again = undefined;
      for (const key of keys.slice(from, from + batchSize)) this.#setAgain(key);
      from += batchSize;
      if (from < keys.length) this.#again = clock.timer(random() * 50, next, { unref: true });
    };
    this.#again = clock.timer(random() * 500, next, { unref: true });
  }

  #setAgain(key: string): void {
    const wanted = this.#wanted.get(key);
    if (wanted === undefined || this.#waiting.has(key)) return;
    this.#options.stats.reregistered += 1;
    void this.#submit({ ...wanted.entry, kind: 'set', take: !wanted.claimed }, Infinity, false);
  }
}

function settle(waiters: readonly (() => void)[]): void {
  for (const resolve of waiters) resolve();
}
