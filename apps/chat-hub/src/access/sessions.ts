import { randomBytes } from 'node:crypto';
import { defineKey, type Cache, type Region } from '@parley/cache-core';
import { StoreUnavailable } from '@parley/cache-core/kernel';
import * as z from 'zod/mini';
import { hashOf } from './secrets.ts';

const kept = z.object({ userId: z.string(), era: z.int(), createdAt: z.int() });

/** What is known of somebody who signed in. */
export type SessionEntry = z.infer<typeof kept>;

/** How long a session lives without being used. */
export const sessionHours = 24;

const definition = defineKey<SessionEntry>('sessions', kept, { ttl: `${sessionHours}h`, sliding: true });

/** Who signed in with a password. Only hashes of the ids are kept: who reads the cache can sign in nowhere. */
export class Sessions {
  readonly #cache: Cache;
  readonly #entries: Region<string, SessionEntry>;

  constructor(cache: Cache) {
    this.#cache = cache;
    this.#entries = cache.region(definition);
  }

  /** Answers the id that the cookie carries; nobody else is told. */
  async begin(entry: SessionEntry): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    await this.#entries.set(keyOf(secret), entry);
    return secret;
  }

  /** @throws {StoreUnavailable} when it cannot be known: that nobody is signed in must not be told for a store that is away */
  async find(key: string): Promise<SessionEntry | undefined> {
    const entry = await this.#entries.get(key);
    if (entry !== undefined) return entry;
    const { status, checks } = await this.#cache.health();
    // What is late by the bus alone makes no difference to an entry that is nowhere.
    if ((checks?.['store']?.status ?? status) === 'up') return undefined;
    throw new StoreUnavailable('Sessions cannot be read at the moment');
  }

  /** Keeps a session going over a change that ends all others. */
  async renew(key: string, entry: SessionEntry): Promise<void> {
    await this.#entries.set(key, entry);
  }

  async end(key: string): Promise<void> {
    await this.#entries.delete(key);
  }
}

/** What a session is kept by, and called by within the hub. */
export function keyOf(secret: string): string {
  return hashOf(secret).toString('base64url');
}
