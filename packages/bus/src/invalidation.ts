import { parseDuration, safeCall } from '@parley/cache-core/kernel';
import type { Clock, Duration, Schema, Timer } from '@parley/cache-core/kernel';
import type { Bus } from './bus.ts';
import { ownTopic } from './own-topic.ts';
import { defineTopic } from './topic.ts';

/** What a cache tells others: which keys and guards it has changed. The shape that `@parley/cache-core` asks for. */
export interface CacheNotice {
  readonly origin: string;
  readonly keys: readonly (readonly [key: string, version: number])[];
  readonly guards: readonly (readonly [guard: string, epoch: number])[];
}

export interface CacheNoticeListener {
  notice(notice: CacheNotice): void;
  state(state: 'live' | 'suspect'): void;
}

export interface BusInvalidation {
  readonly name: string;
  readonly detectionMs: number;
  publish(notice: CacheNotice, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  subscribe(listener: CacheNoticeListener): { vouchedUntil(): number; close(): Promise<void> };
}

export interface InvalidationOptions {
  /** Who should hear of one another: caches of one topic. @default 'cache.notices' */
  readonly topic?: string | undefined;
  /** How often a cache makes sure that it has missed nothing. A loss is known within four times as long. @default '0.4s' */
  readonly checkEvery?: Duration | undefined;
}

const shape: Schema<CacheNotice> = {
  '~standard': {
    version: 1,
    vendor: 'parley',
    validate: (value) =>
      isNotice(value) ? { value } : { issues: [{ message: 'it is not a notice of a cache' }] },
  },
};

function isNotice(value: unknown): value is CacheNotice {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('origin' in value && 'keys' in value && 'guards' in value)
  )
    return false;
  const pairs = (list: unknown): boolean =>
    Array.isArray(list) &&
    list.every(
      (pair: unknown) => Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'number',
    );
  return typeof value.origin === 'string' && pairs(value.keys) && pairs(value.guards);
}

/** How many changes one message tells of: keys may be long. */
const most = 250;

/**
 * Coherence of caches over the bus. The stream has no holes, so a cache that has read up to a moment has missed nothing of what was told
 * before; how often that is made sure of bounds how stale an answer can be.
 */
export function busInvalidation(bus: Bus, options: InvalidationOptions = {}): BusInvalidation {
  const checkMs = parseDuration(options.checkEvery ?? '0.4s', { field: 'checkEvery', min: 50 });
  const detectionMs = checkMs * 4;
  const name = options.topic ?? 'cache.notices';
  const topic = ownTopic(bus, `${name} ${checkMs}`, () =>
    defineTopic(name, {
      class: 'stream',
      schema: shape,
      retention: { count: 1_000, age: '1m' },
      checkEvery: `${checkMs}ms`,
    }),
  );
  return {
    name: 'bus',
    detectionMs,
    async publish(notice, { signal } = {}) {
      await Promise.all(inParts(notice).map((part) => bus.publish(topic, part, { signal })));
    },
    subscribe(listener) {
      const watch = new Watch({
        clock: bus.clock,
        checkMs,
        detectionMs,
        verifiedAt: () => subscription.verifiedAt(),
        tell: (state) => safeCall('invalidation.state', () => listener.state(state)),
      });
      const subscription = bus.subscribe(
        topic,
        ({ data }) => safeCall('invalidation.notice', () => listener.notice(data)),
        {
          onGap: () => watch.doubt(),
          onError: () => watch.doubt(),
          onState: (state) => watch.joined(state === 'live'),
        },
      );
      return {
        vouchedUntil: () => (watch.live ? subscription.verifiedAt() + detectionMs : -Infinity),
        close: async () => {
          watch.close();
          await subscription.close();
        },
      };
    },
  };
}

interface WatchOptions {
  readonly clock: Clock;
  readonly checkMs: number;
  readonly detectionMs: number;
  readonly verifiedAt: () => number;
  readonly tell: (state: 'live' | 'suspect') => void;
}

/** Tells when a subscription can vouch for having missed nothing, and when it cannot any more. */
class Watch {
  readonly #options: WatchOptions;
  #joined = false;
  #told = false;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** What was told last. */
  get live(): boolean {
    return this.#told && !this.#closed;
  }

  joined(joined: boolean): void {
    this.#joined = joined;
    this.#look();
  }

  /** Something was missed: what is kept must go. */
  doubt(): void {
    this.#tell(false);
    this.#look();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #look(): void {
    const { clock, checkMs, detectionMs, verifiedAt } = this.#options;
    this.#timer?.cancel();
    const left = this.#joined ? verifiedAt() + detectionMs - clock.monotonic() : 0;
    this.#tell(left > 0);
    // A check that came meanwhile gives more time; without one it has run out.
    if (this.#joined && !this.#closed) {
      this.#timer = clock.timer(left > 0 ? left : checkMs, () => this.#look(), { unref: true });
    }
  }

  #tell(live: boolean): void {
    if (this.#told === live || this.#closed) return;
    this.#told = live;
    this.#options.tell(live ? 'live' : 'suspect');
  }
}

function inParts(notice: CacheNotice): CacheNotice[] {
  const { origin, keys, guards } = notice;
  if (keys.length + guards.length <= most) return [notice];
  const parts: CacheNotice[] = [];
  for (let from = 0; from < keys.length; from += most) {
    parts.push({ origin, keys: keys.slice(from, from + most), guards: [] });
  }
  for (let from = 0; from < guards.length; from += most) {
    parts.push({ origin, keys: [], guards: guards.slice(from, from + most) });
  }
  return parts;
}
