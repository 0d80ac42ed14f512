import type { Ttl } from './options.ts';

/** What is about to be stored, whether set or loaded. */
export interface Candidate {
  readonly namespace: string;
  readonly key: string;
  readonly value: unknown;
  readonly tags: readonly string[];
  /** In milliseconds, before jitter. */
  readonly ttlMs: number;
  readonly origin: 'set' | 'load';
}

export interface Decision {
  /** False: those who asked get the value, and it is not kept. */
  readonly keep?: boolean | undefined;
  readonly ttl?: Ttl | undefined;
  /** Depended on besides those that it has. */
  readonly tags?: readonly string[] | undefined;
}

/**
 * A pattern of caching from outside: it decides about entries and hears what happens. Policies are asked in order, each seeing what those
 * before it decided. One that throws, or decides what cannot be carried out, decides nothing, and `listenerErrors` tells of it.
 */
export interface CachePolicy {
  readonly name: string;
  decide?(candidate: Candidate): Decision | undefined;
  observe?(event: CacheEvent): void;
}

export type CacheEvent =
  | {
      readonly type: 'miss' | 'load' | 'stale' | 'refused' | 'set' | 'delete';
      readonly namespace: string;
      readonly key: string;
    }
  | { readonly type: 'load-error'; readonly namespace: string; readonly key: string; readonly error: unknown }
  | { readonly type: 'invalidate'; readonly guards: readonly string[] }
  | { readonly type: 'away'; readonly error: unknown }
  | { readonly type: 'back' }
  | { readonly type: 'flush' }
  | { readonly type: 'unusable'; readonly why: 'unreadable' | 'schema' };
