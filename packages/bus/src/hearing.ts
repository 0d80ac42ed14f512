import { exponentialBackoff, withDeadline } from '@parley/cache-core/kernel';
import type { Clock, Random, Timer } from '@parley/cache-core/kernel';
import type { StoredRecord } from './broker.ts';
import type { BrokerFeed, FeedKind, FeedListener } from './feed.ts';
import type { Position } from './position.ts';
import type { BusStats } from './stats.ts';

/** Who follows a name. */
export interface Follower {
  /** Whatever is said from now on will be heard. Called again after each loss. */
  readonly joined: () => void;
  readonly lost: (reason: string) => void;
  readonly records?: (channel: string, epoch: string, records: readonly StoredRecord[]) => void;
  readonly advanced?: (channel: string, position: Position) => void;
  readonly signal?: (channel: string, body: string) => void;
  readonly work?: () => void;
}

interface Name {
  readonly kind: FeedKind;
  readonly name: string;
  readonly followers: Set<Follower>;
  state: 'out' | 'joining' | 'in';
  lostBefore: boolean;
}

export interface HearingOptions {
  readonly open: (listener: FeedListener) => BrokerFeed;
  readonly clock: Clock;
  readonly random: Random;
  readonly stats: BusStats;
  /** All followers have been told of some records. */
  readonly onTold: () => void;
  readonly joinMs: number;
  /** How many names one call joins. */
  readonly batch: number;
}

/**
 * What this process hears: one feed for all subscriptions. Names that were lost are joined again, in batches one after the other, and after
 * a pause whose length is drawn anew each time, so that a thousand processes do not come back at once.
 */
export class Hearing {
  readonly #options: HearingOptions;
  readonly #feed: BrokerFeed;
  readonly #names: Record<FeedKind, Map<string, Name>> = {
    channel: new Map(),
    topic: new Map(),
    queue: new Map(),
  };
  readonly #out: Record<FeedKind, Set<Name>> = { channel: new Set(), topic: new Set(), queue: new Set() };
  readonly #joining = new Set<Name>();
  readonly #closing = new AbortController();
  #running = false;
  #failures = 0;
  /** How often the batch was halved. */
  #halved = 0;
  #pause: Timer | undefined;
  #lostAt: number | undefined;

  constructor(options: HearingOptions) {
    this.#options = options;
    const channel = (name: string): Name | undefined => this.#names.channel.get(name);
    const topicOf = (name: string): Name | undefined => {
      // Most processes follow no topic as a whole.
      if (this.#names.topic.size === 0) return undefined;
      return this.#names.topic.get(name.slice(0, name.indexOf(':')));
    };
    this.#feed = options.open({
      records: (name, epoch, records) => {
        const tell = (follower: Follower): void => follower.records?.(name, epoch, records);
        channel(name)?.followers.forEach(tell);
        topicOf(name)?.followers.forEach(tell);
        options.onTold();
      },
      advanced: (name, position) => {
        const tell = (follower: Follower): void => follower.advanced?.(name, position);
        channel(name)?.followers.forEach(tell);
        topicOf(name)?.followers.forEach(tell);
      },
      signal: (kind, name, body) => {
        const known = kind === 'topic' ? topicOf(name) : channel(name);
        known?.followers.forEach((follower) => follower.signal?.(name, body));
      },
      work: (queue) => this.#names.queue.get(queue)?.followers.forEach((follower) => follower.work?.()),
      lost: (kind, names, reason) => this.#lose(kind, names, reason),
    });
  }

  get detectionMs(): number {
    return this.#feed.detectionMs;
  }

  get figures(): Readonly<Record<string, number>> {
    return this.#feed.figures?.() ?? {};
  }

  get channels(): number {
    return this.#names.channel.size;
  }

  /** How many names are not heard at the moment. */
  get missing(): number {
    return this.#out.channel.size + this.#out.topic.size + this.#out.queue.size + this.#joining.size;
  }

  /** Returns what ends it. */
  follow(kind: FeedKind, name: string, follower: Follower): () => void {
    let known = this.#names[kind].get(name);
    if (known === undefined) {
      known = { kind, name, followers: new Set(), state: 'out', lostBefore: false };
      this.#names[kind].set(name, known);
      this.#out[kind].add(known);
    }
    known.followers.add(follower);
    if (known.state === 'in') {
      const { followers } = known;
      queueMicrotask(() => {
        if (followers.has(follower) && known.state === 'in') follower.joined();
      });
    } else this.#start();
    return () => this.#leave(known, follower);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#pause?.cancel();
    const { clock, joinMs } = this.#options;
    await withDeadline(joinMs, () => this.#feed.close(), { clock }).catch(() => undefined);
  }

  #leave(known: Name, follower: Follower): void {
    if (!known.followers.delete(follower) || known.followers.size > 0) return;
    const { kind, name } = known;
    if (this.#names[kind].get(name) !== known) return;
    this.#names[kind].delete(name);
    this.#out[kind].delete(known);
    this.#joining.delete(known);
    // What is being joined is left when it has been.
    if (known.state === 'in') this.#quit(kind, name);
  }

  #quit(kind: FeedKind, name: string): void {
    if (!this.#closing.signal.aborted) this.#feed.leave(kind, [name]).catch(() => undefined);
  }

  #lose(kind: FeedKind, names: readonly string[], reason: string): void {
    const lost = names
      .flatMap((name) => this.#names[kind].get(name) ?? [])
      .filter(({ state }) => state === 'in');
    for (const known of lost) {
      known.state = 'out';
      known.lostBefore = true;
      this.#out[kind].add(known);
    }
    if (lost.length === 0) return;
    this.#lostAt ??= this.#options.clock.monotonic();
    for (const { followers } of lost) followers.forEach((follower) => follower.lost(reason));
    this.#rest();
  }

  #start(): void {
    if (this.#running || this.#pause !== undefined || this.#closing.signal.aborted) return;
    this.#running = true;
    // What is asked for in this turn is joined together.
    queueMicrotask(() => void this.#joinAll());
  }

  async #joinAll(): Promise<void> {
    try {
      for (let some = this.#next(); some.length > 0; some = this.#next()) {
        if (this.#closing.signal.aborted) return;
        await this.#join(some);
        this.#failures = 0;
        this.#halved = Math.max(0, this.#halved - 1);
      }
      this.#recovered();
    } catch {
      // Told by the states of the subscriptions, and tried again.
      this.#failures += 1;
      this.#halved = Math.min(10, this.#halved + 1);
      this.#rest();
    } finally {
      this.#running = false;
    }
    if (this.missing > 0) this.#start();
  }

  /** Smaller after a failure, and of another kind, so that one name that cannot be joined does not keep out all others. */
  #next(): Name[] {
    const size = Math.max(1, this.#options.batch >> this.#halved);
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[(this.#failures + i) % kinds.length] ?? 'channel';
      if (this.#out[kind].size > 0) return firstOf(this.#out[kind], size);
    }
    return [];
  }

  async #join(some: readonly Name[]): Promise<void> {
    const { clock, joinMs } = this.#options;
    const [{ kind } = { kind: 'channel' as const }] = some;
    const names = some.map(({ name }) => name);
    for (const known of some) {
      known.state = 'joining';
      this.#out[kind].delete(known);
      this.#joining.add(known);
    }
    try {
      await withDeadline(joinMs, (signal) => this.#feed.join(kind, names, { signal }), {
        clock,
        signal: this.#closing.signal,
        what: `following ${names.length} channels`,
      });
    } catch (error) {
      for (const known of some) {
        known.state = 'out';
        this.#joining.delete(known);
        const current = this.#names[kind].get(known.name);
        if (current === known) this.#out[kind].add(known);
        // It was not wanted any more, and may have been joined all the same.
        if (current === undefined) this.#quit(kind, known.name);
      }
      throw error;
    }
    for (const known of some) this.#admit(known);
  }

  #admit(known: Name): void {
    const { kind, name, followers } = known;
    known.state = 'in';
    this.#joining.delete(known);
    const current = this.#names[kind].get(name);
    if (current === undefined) this.#quit(kind, name);
    if (current !== known) return;
    if (known.lostBefore) this.#options.stats.recoveries += 1;
    known.lostBefore = false;
    followers.forEach((follower) => follower.joined());
  }

  #recovered(): void {
    if (this.#lostAt === undefined || this.missing > 0) return;
    this.#options.stats.resubscribeMs = this.#options.clock.monotonic() - this.#lostAt;
    this.#lostAt = undefined;
  }

  #rest(): void {
    if (this.#pause !== undefined || this.#closing.signal.aborted) return;
    const { clock, random } = this.#options;
    const backoff = exponentialBackoff({ baseMs: 100, maxMs: 2_000, minMs: 10, random });
    this.#pause = clock.timer(
      backoff(this.#failures + 1),
      () => {
        this.#pause = undefined;
        this.#start();
      },
      { unref: true },
    );
  }
}

const kinds = ['channel', 'topic', 'queue'] as const;

function firstOf<T>(items: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length >= count) break;
    first.push(item);
  }
  return first;
}
