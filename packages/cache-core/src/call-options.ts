import type { Abortable } from './kernel/abort.ts';
import type { EntryOptions } from './options.ts';
import type { Schema } from './kernel/schema.ts';
import type { Answer, LocalBounds } from './space.ts';

export interface CallOptions<Value = unknown> extends EntryOptions<Value>, Abortable {}

/** A key's value and how it came about. */
export interface CacheEntry<Value> {
  readonly value: Value;
  readonly source: Answer['source'];
  /** What is left of its ttl, in seconds; below zero it is stale. Undefined when it is not kept anywhere. */
  readonly ttl: number | undefined;
}

export interface NamespaceOptions extends EntryOptions {
  /** Its own bounds in this process's memory; false keeps nothing there. @default those of the cache */
  readonly local?: Partial<LocalBounds> | false | undefined;
  /** What values must fit when they come from the store; others are misses. @default none */
  readonly schema?: Schema<unknown> | undefined;
}
