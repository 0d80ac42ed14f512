import {
  exponentialBackoff,
  type Backoff,
  type Clock,
  type Random,
  type Timer,
} from '@parley/cache-core/kernel';
import { isHubError, type Channel, type User } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import type { CallRoute } from '../rest.ts';
import type { Base, ChannelStore, Page } from './channel-store.ts';

export interface LoaderOptions {
  readonly call: CallRoute;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly channels: ReadonlyMap<string, ChannelStore>;
  readonly epoch: () => string | undefined;
  readonly joined: boolean;
  readonly onLoaded: (channelId: string, base: Base, page?: Page & { readonly older: boolean }) => void;
  readonly onGone: (channelId: string) => void;
}

const pageLimit = 200;

/** When all channels are to be read anew, hundreds of clients do that at once. */
const atOnce = 4;

/** Reads channels anew, once at a time each, until it works. */
export class Loader {
  readonly #options: LoaderOptions;
  /** Whoever takes the place of another has the last word. */
  readonly #loading = new Map<string, { timer: Timer | undefined }>();
  readonly #backoff: Backoff;
  readonly #waiting: (() => void)[] = [];
  #free = atOnce;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#backoff = exponentialBackoff({ baseMs: 1_000, maxMs: 30_000, minMs: 100, random: options.random });
  }

  isLoading(channelId: string): boolean {
    return this.#loading.has(channelId);
  }

  /** @param again also when it is under way, because what is being read may be too old */
  load(channelId: string, again = false, failures = 0): void {
    if (this.isLoading(channelId) && !again) return;
    this.stop(channelId);
    const token: { timer: Timer | undefined } = { timer: undefined };
    this.#loading.set(channelId, token);
    void this.#load(channelId, token, failures);
  }

  stop(channelId: string): void {
    this.#loading.get(channelId)?.timer?.cancel();
    this.#loading.delete(channelId);
  }

  stopAll(): void {
    for (const channelId of this.#loading.keys()) this.stop(channelId);
  }

  async channels(): Promise<readonly Channel[]> {
    const { call, signal } = this.#options;
    const lists = [false, true].map((archived) =>
      everything((cursor) =>
        call('listChannels', { query: { joined: true, archived, limit: pageLimit, ...cursor }, signal }),
      ),
    );
    return (await Promise.all(lists)).flat();
  }

  readings(): Promise<RouteReply<'listUnreads'>> {
    const { call, signal } = this.#options;
    return call('listUnreads', { signal });
  }

  async users(): Promise<readonly User[]> {
    const { call, signal } = this.#options;
    return everything((cursor) => call('listUsers', { query: { limit: pageLimit, ...cursor }, signal }));
  }

  /** Until it works, or the client is closed. */
  async insist<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { clock, signal } = this.#options;
    for (let failures = 1; !signal.aborted; failures += 1) {
      try {
        return await work();
      } catch (error) {
        // Without the right to it there is nothing to wait for.
        if (isHubError(error) && [401, 403].includes(error.status)) return undefined;
        await clock.sleep(this.#backoff(failures), { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #load(channelId: string, token: { timer: Timer | undefined }, failures: number): Promise<void> {
    const { call, clock, signal, channels, joined, onLoaded, onGone } = this.#options;
    const params = { channelId };
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      if (this.#loading.get(channelId) !== token) return;
      const before = this.#options.epoch();
      const page =
        channels.get(channelId)?.opened === true
          ? await call('listMessages', { params, query: {}, signal })
          : undefined;
      const { channel, member, reading } = await call('readChannel', { params, signal });
      if (this.#loading.get(channelId) !== token) return;
      this.#loading.delete(channelId);
      // Some of it may be of another history.
      if (this.#options.epoch() !== before) this.load(channelId);
      else if (joined && member === null) onGone(channelId);
      else {
        const position = Math.min(channel.seq, page?.seq ?? channel.seq);
        const epoch = page?.epoch ?? this.#options.epoch() ?? '';
        onLoaded(channelId, { channel, reading, epoch, position }, page);
      }
    } catch (error) {
      if (this.#loading.get(channelId) !== token || signal.aborted) return;
      if (isHubError(error) && [403, 404, 410].includes(error.status)) {
        this.#loading.delete(channelId);
        onGone(channelId);
        return;
      }
      token.timer = clock.timer(this.#backoff(failures + 1), () => this.load(channelId, true, failures + 1));
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** All pages of a list. */
export async function everything<T>(
  read: (cursor: {
    readonly cursor?: string;
  }) => Promise<{ readonly items: readonly T[]; readonly next: string | null }>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: { readonly cursor?: string } = {};
  for (;;) {
    const page = await read(cursor);
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = { cursor: page.next };
  }
}
