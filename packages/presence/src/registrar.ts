import type { Clock, Random } from '@parley/cache-core/kernel';
import { Again } from './again.ts';
import type { Change } from './change.ts';
import type { LeaseHolder } from './lease-holder.ts';
import type { Line } from './line.ts';
import { Outbox } from './outbox.ts';
import { QuietChannels } from './quiet-channels.ts';
import type { PresenceStats } from './stats.ts';
import type { Appended } from './view.ts';
import { inBatches, settle, type Waiting } from './waiting.ts';
import { keyOf, partingOf, removalOf, type EntryName, type WantedEntry } from './wanted.ts';
import { entryOf, WantedEntries, type Wanted } from './wanted-entries.ts';

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
  /** It was taken from another process, which had it under this lease. */
  readonly onTook: (entry: EntryName, lease: string) => void;
}

export interface SubmitOptions {
  /** Whether it is registered again when the store has lost it. @default true */
  readonly lasting?: boolean | undefined;
  /** Whether it may wait for others of its channel, when there has just been one. @default false */
  readonly gentle?: boolean | undefined;
  /** Whether it is taken from whoever has it, also when it was given up to them before. @default false */
  readonly claim?: boolean | undefined;
  /** After which time (ms) it is not sent any more, if it does not last. @default when it would be over */
  readonly withinMs?: number | undefined;
}

const batchSize = 512;

/** What this process wants the store to hold. What of it the store does not have yet is on its way there, to each part of the store by itself. */
export class Registrar {
  readonly #options: RegistrarOptions;
  readonly #wanted = new WantedEntries();
  readonly #outboxes = new Map<string, Outbox>();
  readonly #quiet: QuietChannels;
  readonly #again: Again<Wanted>;

  constructor(options: RegistrarOptions) {
    this.#options = options;
    this.#quiet = new QuietChannels({
      ...options,
      over: (key, waiting) => this.#outbox(waiting.change.channel).put(key, waiting),
    });
    this.#again = new Again({ ...options, atOnce: batchSize, set: (wanted) => this.#setAgain(wanted) });
    options.leases.onLost(() => this.#registerAgain());
  }

  get entries(): number {
    return this.#wanted.size;
  }

  get waiting(): number {
    return [...this.#outboxes.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Resolves when the store has it. */
  set(entry: WantedEntry, options: SubmitOptions = {}): Promise<void> {
    const { lasting = true, gentle = false, claim = false, withinMs = Infinity } = options;
    const key = keyOf(entry);
    const before = this.#wanted.get(entry);
    const claimed = !claim && (before?.claimed ?? false);
    const fresh = lasting && before === undefined && !this.#outbox(entry.channel).wasSent(key);
    if (lasting) this.#wanted.put(entry, claimed);
    const lastMs = lasting ? Infinity : Math.min(entry.forMs ?? Infinity, withinMs);
    const until = this.#options.clock.monotonic() + lastMs;
    return this.#submit({ ...entry, kind: 'set', take: !lasting || !claimed }, { until, gentle, fresh });
  }

  /**
   * Resolves when the store has taken it away.
   *
   * @param forMs after which time it need not be sent any more
   */
  drop(entry: EntryName, forMs = Infinity): Promise<void> {
    const key = keyOf(entry);
    this.#wanted.delete(entry);
    const waiting = this.#outbox(entry.channel).waiting(key) ?? this.#quiet.of(entry.channel)?.get(key);
    // So that those who come and go while the store is away leave nothing to be done.
    if (waiting?.fresh === true) {
      this.cancel(entry);
      return Promise.resolve();
    }
    return this.#submit(removalOf(entry), { until: this.#options.clock.monotonic() + forMs });
  }

  /** What waits to be done about it is not done. */
  cancel(entry: EntryName): void {
    const key = keyOf(entry);
    const outbox = this.#outbox(entry.channel);
    const quiet = this.#quiet.of(entry.channel);
    for (const waiting of [outbox.waiting(key), quiet?.get(key)]) if (waiting) settle(waiting.waiters);
    outbox.take(key);
    quiet?.delete(key);
  }

  /** Another process may have it: it is asked for again, and given up if so. */
  check(entry: EntryName): void {
    const key = keyOf(entry);
    const wanted = this.#wanted.get(entry);
    // A claim that is on its way decides.
    if (wanted?.claimed === true && this.#outbox(entry.channel).waiting(key) === undefined)
      void this.#submit({ ...entryOf(wanted), kind: 'set', take: false });
  }

  /** It is not taken from anybody any more, also by what is waiting: whoever has it by then has the better claim. */
  concede(entry: EntryName): void {
    const wanted = this.#wanted.get(entry);
    if (wanted !== undefined) Object.assign(wanted, { claimed: true, conceded: true });
  }

  wants(entry: EntryName): boolean {
    return this.#wanted.get(entry) !== undefined;
  }

  /** What makes of everything what the end of the lease would, a batch at a time. */
  partings(): Change[][] {
    const all = Array.from(this.#wanted.all(), (wanted) => partingOf(entryOf(wanted)));
    return [...Map.groupBy(all, ({ channel }) => this.#partOf(channel)).values()].flatMap((some) =>
      inBatches(some, this.#batchSize),
    );
  }

  close(): void {
    this.#again.close();
    this.#quiet.close();
    for (const outbox of this.#outboxes.values()) outbox.close();
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
    const outbox = this.#outbox(change.channel);
    const others = [outbox.waiting(key), quiet?.get(key)].filter((one) => one !== undefined);
    // Not copied: there may be one for each time that it was said while the store was away.
    const [waiters = [], ...more] = others.map((one) => one.waiters);
    for (const one of more) for (const resolve of one) waiters.push(resolve);
    const stillFresh = others.length === 0 ? fresh : others.every((one) => one.fresh);
    quiet?.delete(key);
    return new Promise((resolve) => {
      waiters.push(resolve);
      const waiting: Waiting = { change, waiters, until, fresh: stillFresh };
      // What is waiting already must not be overtaken by what it was replaced with.
      if (gentle && quiet !== undefined && !outbox.take(key)) {
        quiet.set(key, waiting);
        return;
      }
      if (gentle) this.#quiet.begin(change.channel);
      outbox.put(key, waiting);
    });
  }

  #partOf(channel: string): string {
    return this.#options.line.store.partOf?.(channel) ?? '';
  }

  #outbox(channel: string): Outbox {
    const part = this.#partOf(channel);
    const outbox =
      this.#outboxes.get(part) ??
      new Outbox({
        ...this.#options,
        batchSize: this.#batchSize,
        asWanted: (change) => this.#asWanted(change),
        conclude: (key, change, outcome) => this.#conclude(key, change, outcome),
        emptied: () => this.#emptied(),
      });
    this.#outboxes.set(part, outbox);
    return outbox;
  }

  #emptied(): void {
    if (this.#again.pending || [...this.#outboxes.values()].some(({ idle }) => !idle)) return;
    this.#options.leases.settled();
  }

  /** Whether it is taken from others may have changed while it waited. */
  #asWanted(change: Change): Change {
    const wanted = this.#wanted.get(change);
    return change.kind === 'remove' || wanted === undefined ? change : { ...change, take: !wanted.claimed };
  }

  #conclude(key: string, change: Change, outcome: string | undefined): void {
    const wanted = this.#wanted.get(change);
    if (change.kind === 'remove' || wanted === undefined) return;
    // What was wished since then is on its way, and decides.
    if (this.#outbox(change.channel).waiting(key) !== undefined) return;
    if (outcome !== 'taken') {
      wanted.claimed = true;
      return;
    }
    this.#wanted.delete(change);
    this.#options.stats.takenOver += 1;
    this.#options.onTaken(change);
  }

  #registerAgain(): void {
    const { claimed = [], conceded = [] } = Object.groupBy(this.#wanted.all(), (wanted) =>
      wanted.conceded ? 'conceded' : 'claimed',
    );
    this.#again.begin(claimed, conceded);
  }

  #setAgain(wanted: Wanted): void {
    const entry = entryOf(wanted);
    // It may be wanted no more, or on its way.
    if (this.#wanted.get(entry) !== wanted) return;
    if (this.#outbox(entry.channel).waiting(keyOf(entry)) !== undefined) return;
    this.#options.stats.reregistered += 1;
    void this.#submit({ ...entry, kind: 'set', take: !wanted.claimed });
  }
}
