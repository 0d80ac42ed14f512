import { exponentialBackoff } from '@parley/cache-core/kernel';
import type { Clock, Random } from '@parley/cache-core/kernel';
import { Again } from './again.ts';
import type { Change, Changed } from './change.ts';
import type { LeaseHolder } from './lease-holder.ts';
import type { Line } from './line.ts';
import { QuietChannels } from './quiet-channels.ts';
import type { PresenceStats } from './stats.ts';
import type { Appended } from './view.ts';
import { inBatches, settle, type Waiting } from './waiting.ts';
import { keyOf, partingOf, removalOf, type EntryName, type WantedEntry } from './wanted.ts';

export interface RegistrarOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly line: Line;
  readonly leases: LeaseHolder;
  readonly stats: PresenceStats;
  readonly coalesceMs: number;
  readonly heartbeatMs: number;
  readonly closing: AbortSignal;
  readonly tell: (appended: readonly Appended[]) => void;
  /** Another process has it now. */
  readonly onTaken: (entry: EntryName) => void;
}

interface Wanted {
  readonly entry: WantedEntry;
  /** Until it was once there it is taken from whoever has it; afterwards it is given up to whoever takes it. */
  claimed: boolean;
  /** The client may be connected to another process. */
  conceded?: boolean;
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
  readonly #quiet: QuietChannels;
  /** The last batch. */
  #sent: ReadonlyMap<string, Waiting> = new Map();
  #draining = false;
  readonly #again: Again;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#quiet = new QuietChannels({ ...options, over: (key, waiting) => this.#enqueue(key, waiting) });
    this.#again = new Again({ ...options, atOnce: batchSize, set: (key) => this.#setAgain(key) });
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
    const before = this.#wanted.get(key);
    const claimed = !claim && (before?.claimed ?? false);
    const fresh = lasting && before === undefined && !this.#sent.has(key);
    if (lasting) this.#wanted.set(key, { entry, claimed });
    const until =
      lasting || entry.forMs === undefined ? Infinity : this.#options.clock.monotonic() + entry.forMs;
    return this.#submit({ ...entry, kind: 'set', take: !lasting || !claimed }, { until, gentle, fresh });
  }

  /**
   * Resolves when the store has taken it away.
   *
   * @param forMs after which time it is gone by itself
   */
  drop(entry: EntryName, forMs = Infinity): Promise<void> {
    const key = keyOf(entry);
    this.#wanted.delete(key);
    const quiet = this.#quiet.of(entry.channel);
    const waiting = this.#waiting.get(key) ?? quiet?.get(key);
    // So that those who come and go while the store is away leave nothing to be done.
    if (waiting?.fresh === true) {
      this.#waiting.delete(key);
      quiet?.delete(key);
      settle(waiting.waiters);
      return Promise.resolve();
    }
    return this.#submit(removalOf(entry), { until: this.#options.clock.monotonic() + forMs });
  }

  /** It is not taken from anybody any more, also by what is waiting: whoever has it by then has the better claim. */
  concede(entry: EntryName): void {
    const wanted = this.#wanted.get(keyOf(entry));
    if (wanted !== undefined) Object.assign(wanted, { claimed: true, conceded: true });
  }

  wants(entry: EntryName): boolean {
    return this.#wanted.has(keyOf(entry));
  }

  /** What makes of everything what the end of the lease would, a batch at a time. */
  partings(): Change[][] {
    const all = Array.from(this.#wanted.values(), ({ entry }) => partingOf(entry));
    return inBatches(all, this.#batchSize);
  }

  close(): void {
    this.#again.close();
    this.#quiet.close();
    for (const { waiters } of this.#waiting.values()) settle(waiters);
    this.#waiting.clear();
    this.#wanted.clear();
  }

  get #batchSize(): number {
    return Math.min(batchSize, this.#options.line.store.capabilities.maxBatch);
  }

  #submit(
    change: Change,
    {
      until = Infinity,
      gentle = false,
      fresh = false,
    }: Partial<Waiting> & { readonly gentle?: boolean } = {},
  ): Promise<void> {
    if (this.#options.closing.aborted) return Promise.resolve();
    const key = keyOf(change);
    const quiet = this.#quiet.of(change.channel);
    const others = [this.#waiting.get(key), quiet?.get(key)].filter((one) => one !== undefined);
    // Not copied: there may be one for each time that it was said while the store was away.
    const [waiters = [], ...more] = others.map((one) => one.waiters);
    for (const one of more) for (const resolve of one) waiters.push(resolve);
    const stillFresh = others.length === 0 ? fresh : others.every((one) => one.fresh);
    quiet?.delete(key);
    return new Promise((resolve) => {
      waiters.push(resolve);
      const waiting: Waiting = { change, waiters, until, fresh: stillFresh };
      // What is waiting already must not be overtaken by what it was replaced with.
      if (gentle && quiet !== undefined && !this.#waiting.delete(key)) {
        quiet.set(key, waiting);
        return;
      }
      if (gentle) this.#quiet.begin(change.channel);
      this.#enqueue(key, waiting);
    });
  }

  #enqueue(key: string, waiting: Waiting): void {
    // A removal keeps the place of what it replaces: nothing new is sent before it, whose removal would have to be sent as well.
    if (waiting.change.kind === 'set') this.#waiting.delete(key);
    this.#waiting.set(key, waiting);
    if (this.#draining) return;
    this.#draining = true;
    void this.#drain();
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
        this.#forget();
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
    this.#sent = sent;
    for (const [key, waiting] of this.#waiting) {
      if (sent.size >= size) break;
      this.#waiting.delete(key);
      if (waiting.until > now) sent.set(key, { ...waiting, fresh: false });
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
    if (this.#waiting.size === 0 && !this.#again.pending) leases.settled();
  }

  #forget(): void {
    const now = this.#options.clock.monotonic();
    for (const [key, { until, waiters }] of this.#waiting) {
      if (until > now) continue;
      this.#waiting.delete(key);
      settle(waiters);
    }
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
      else {
        for (const resolve of waiting.waiters) other.waiters.push(resolve);
        if (other.change.kind === 'remove') this.#waiting.set(key, other);
      }
    }
    for (const [key, waiting] of later) this.#waiting.set(key, waiting);
  }

  #registerAgain(): void {
    const { claimed = [], conceded = [] } = Object.groupBy(this.#wanted.keys(), (key) =>
      this.#wanted.get(key)?.conceded === true ? 'conceded' : 'claimed',
    );
    this.#again.begin(claimed, conceded);
  }

  #setAgain(key: string): void {
    const wanted = this.#wanted.get(key);
    if (wanted === undefined || this.#waiting.has(key)) return;
    this.#options.stats.reregistered += 1;
    void this.#submit({ ...wanted.entry, kind: 'set', take: !wanted.claimed });
  }
}
