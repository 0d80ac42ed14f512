import { InvalidArgument } from './errors.ts';
import { append, unlink } from './linked.ts';
import type { Linked } from './linked.ts';
import { safeCall } from './telemetry.ts';
import { requireInteger } from './validate.ts';

export interface LruOptions<K, V> {
  /** How many entries are held at the most. A `Map` holds no more than 16 million. */
  maxEntries: number;

  /**
   * How many bytes are held at the most, as counted by `sizeOf`.
   *
   * @default Infinity
   */
  maxBytes?: number;

  /**
   * The size of an entry, asked once for each `set`. Zero is legal.
   *
   * @default () => 0
   */
  sizeOf?: (value: V, key: K) => number;

  /** Told of what was pushed out to keep a bound, after it is gone; not of what was deleted or replaced. */
  onEvict?: (key: K, value: V, bound: 'entries' | 'bytes') => void;
}

/** Holds the entries that were used last, bounded by their number and by their bytes. */
export interface Lru<K, V> {
  readonly size: number;
  readonly bytes: number;
  get(key: K): V | undefined;

  /** {@link Lru.get} that does not count as use. */
  peek(key: K): V | undefined;
  has(key: K): boolean;

  /**
   * Whether the entry is held now. One that is larger than the whole is not, and then none of its key is: the value before it
   * would be outdated.
   */
  set(key: K, value: V): boolean;
  delete(key: K): boolean;
  clear(): void;

  /** Those held at the start, least recently used first. Deleting meanwhile is legal: what is gone is left out. */
  entries(): IterableIterator<[K, V]>;
}

export function createLru<K, V>(options: LruOptions<K, V>): Lru<K, V> {
  return new RingLru(options);
}

class Entry<K, V> implements Linked<Entry<K, V>> {
  prev: Entry<K, V> = this;
  next: Entry<K, V> = this;
  key: K;
  value: V;
  bytes: number;

  constructor(key: K, value: V, bytes: number) {
    this.key = key;
    this.value = value;
    this.bytes = bytes;
  }
}

class RingLru<K, V> implements Lru<K, V> {
  readonly #options: LruOptions<K, V>;
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #entries = new Map<K, Entry<K, V>>();

  /** The ring runs from here to the newest, which stands before it: to step on makes the oldest the newest. */
  #oldest: Entry<K, V> | undefined;
  #bytes = 0;

  constructor(options: LruOptions<K, V>) {
    this.#options = options;
    this.#maxEntries = requireInteger('maxEntries', options.maxEntries, 1, 16_000_000);
    this.#maxBytes = options.maxBytes ?? Infinity;
    if (!(this.#maxBytes > 0)) throw new InvalidArgument('maxBytes', 'above 0', this.#maxBytes);
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#use(entry);
    return entry.value;
  }

  peek(key: K): V | undefined {
    return this.#entries.get(key)?.value;
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  set(key: K, value: V): boolean {
    const bytes = this.#options.sizeOf?.(value, key) ?? 0;
    if (!(bytes >= 0)) throw new InvalidArgument('sizeOf(value)', 'a number, not negative', bytes);
    if (bytes > this.#maxBytes) {
      this.delete(key);
      return false;
    }
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#add(key, value, bytes);
    } else {
      this.#bytes += bytes - entry.bytes;
      entry.bytes = bytes;
      entry.value = value;
      this.#use(entry);
    }
    while (this.#bytes > this.#maxBytes && this.#oldest !== undefined) {
      const { key: evicted, value: old } = this.#oldest;
      this.delete(evicted);
      this.#evicted(evicted, old, 'bytes');
    }
    return true;
  }

  delete(key: K): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
    if (this.#oldest === entry) this.#oldest = entry.next === entry ? undefined : entry.next;
    unlink(entry);
    return true;
  }

  clear(): void {
    this.#entries.clear();
    this.#oldest = undefined;
    this.#bytes = 0;
  }

  *entries(): IterableIterator<[K, V]> {
    const keys: K[] = [];
    for (let entry = this.#oldest; entry !== undefined && keys.length < this.size; entry = entry.next) {
      keys.push(entry.key);
    }
    for (const key of keys) {
      const entry = this.#entries.get(key);
      if (entry !== undefined) yield [key, entry.value];
    }
  }

  #add(key: K, value: V, bytes: number): void {
    this.#bytes += bytes;
    const oldest = this.#oldest;
    if (oldest === undefined || this.size < this.#maxEntries) {
      const entry = new Entry(key, value, bytes);
      this.#entries.set(key, entry);
      if (oldest === undefined) this.#oldest = entry;
      else append(oldest, entry);
      return;
    }
    const { key: evicted, value: old } = oldest;
    this.#entries.delete(evicted);
    this.#entries.set(key, oldest);
    this.#bytes -= oldest.bytes;
    oldest.key = key;
    oldest.value = value;
    oldest.bytes = bytes;
    this.#oldest = oldest.next;
    this.#evicted(evicted, old, 'entries');
  }

  #use(entry: Entry<K, V>): void {
    const oldest = this.#oldest;
    if (oldest === undefined || oldest.prev === entry) return;
    if (oldest === entry) {
      this.#oldest = entry.next;
      return;
    }
    const { prev, next } = entry;
    prev.next = next;
    next.prev = prev;
    const newest = oldest.prev;
    entry.prev = newest;
    entry.next = oldest;
    newest.next = entry;
    oldest.prev = entry;
  }

  #evicted(key: K, value: V, bound: 'entries' | 'bytes'): void {
    if (this.#options.onEvict !== undefined) safeCall('onEvict', this.#options.onEvict, key, value, bound);
  }
}
