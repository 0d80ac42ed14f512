import {
  Closed,
  InvalidArgument,
  parseDuration,
  requireInteger,
  requireKey,
  withDeadline,
} from '@parley/cache-core/kernel';
import type { Abortable, Duration } from '@parley/cache-core/kernel';
import type { Start } from './cursor.ts';
import type { BusCore } from './core.ts';
import type { Gap } from './message.ts';
import type { Overflow } from './mailbox.ts';
import { matcher } from './pattern.ts';
import type { Position } from './position.ts';
import type { ErrorPlace } from './receiver.ts';
import type { AnyTopic } from './topic.ts';

export type SubscriptionState = 'joining' | 'live' | 'closed';

export interface SubscribeOptions {
  /** @default 'main' */
  readonly channel?: string | undefined;
  readonly channels?: readonly string[] | undefined;
  /** Channels by pattern: `*` stands for any characters but `:` and `/`, `**` for any at all, `?` for one. Only for topics with `patterns`. */
  readonly pattern?: string | undefined;
  /** Where to begin in each channel; only of class `stream`. @default 'now' */
  readonly from?: Start | ((channel: string) => Start) | undefined;
  /** Leaves out what this bus published itself. @default false */
  readonly skipOwn?: boolean | undefined;
  /** How many messages of a channel wait for a handler that is busy. @default 1,000 */
  readonly buffer?: number | undefined;
  /**
   * When that is not enough: `wait` stops reading and goes on from the log later (only of class `stream`), `drop-oldest` drops, `latest` keeps
   * the last of each key, `disconnect` ends the subscription.
   * @default 'wait' of class `stream`; of class `ephemeral` 'latest' where the topic has a key, 'drop-oldest' elsewhere
   */
  readonly overflow?: Overflow | undefined;
  readonly onGap?: ((gap: Gap) => void) | undefined;
  /** What the handler threw, and messages that cannot be read. */
  readonly onError?: ((error: unknown, place: ErrorPlace) => void) | undefined;
  readonly onState?: ((state: SubscriptionState) => void) | undefined;
  /** Ends the subscription when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

export interface Subscription extends AsyncDisposable {
  /** `live`: whatever is published arrives. `joining`: the connection is not there, or what was missed is being read. */
  readonly state: SubscriptionState;
  /**
   * Resolves when it is live: what is published from then on arrives. Rejects at the limit, while the subscription goes on trying.
   * @param options.within @default '5s'
   */
  readonly ready: (options?: Abortable & { readonly within?: Duration | undefined }) => Promise<void>;
  /** Behind the last message handed to the handler; undefined before it is live, and where nothing is kept. */
  readonly position: (channel?: string) => Position | undefined;
  /** The moment (of the bus's monotonic clock) up to which everything that was appended has arrived; -Infinity: nobody knows. */
  readonly verifiedAt: () => number;
  /** No handler is called from now on; resolves when those at work have ended. */
  readonly close: () => Promise<void>;
}

export const mainChannel = 'main';

/** Which channels a subscription takes. */
export type Choice =
  | { readonly kind: 'channels'; readonly channels: readonly string[] }
  | { readonly kind: 'pattern'; readonly matches: (channel: string) => boolean };

export function requireChannel(channel: unknown): string {
  return requireKey(channel, { field: 'channel', maxBytes: 512 });
}

export function choose(topic: AnyTopic, { channel, channels, pattern }: SubscribeOptions): Choice {
  const given = [channel, channels, pattern].filter((choice) => choice !== undefined).length;
  if (given > 1) throw new InvalidArgument('channel, channels, pattern', 'given one at a time', given);
  if (pattern !== undefined) {
    if (topic.wide) return { kind: 'pattern', matches: matcher(pattern) };
    throw new InvalidArgument(
      'pattern',
      `of a topic that is defined with patterns: true, as ${topic.name} is not`,
      pattern,
    );
  }
  if (channels !== undefined) {
    if (channels.length === 0) throw new InvalidArgument('channels', 'not empty', channels);
    return { kind: 'channels', channels: [...new Set(channels.map(requireChannel))] };
  }
  return { kind: 'channels', channels: [requireChannel(channel ?? mainChannel)] };
}

export function startOf(channel: string, { from = 'now' }: SubscribeOptions): Start {
  const start = typeof from === 'function' ? from(channel) : from;
  if (start === 'now' || start === 'oldest') return start;
  if (typeof start?.epoch === 'string' && Number.isSafeInteger(start.offset) && start.offset >= 0)
    return start;
  throw new InvalidArgument('from', `'now', 'oldest' or a position`, start);
}

export function overflowOf(topic: AnyTopic, { overflow }: SubscribeOptions): Overflow {
  const kept = topic.class === 'stream';
  if (overflow === undefined) return kept ? 'wait' : topic.keyOf === undefined ? 'drop-oldest' : 'latest';
  if (!['wait', 'drop-oldest', 'latest', 'disconnect'].includes(overflow)) {
    throw new InvalidArgument('overflow', `'wait', 'drop-oldest', 'latest' or 'disconnect'`, overflow);
  }
  if (overflow === 'wait' && !kept) {
    throw new InvalidArgument(
      'overflow',
      'something else for a topic that keeps nothing to come back to',
      overflow,
    );
  }
  return overflow;
}

export const bufferOf = ({ buffer }: SubscribeOptions): number =>
  requireInteger('buffer', buffer ?? 1_000, 1, 1_000_000);

/** The state of a subscription, told when it changes, and waited for. */
export class Standing {
  readonly #core: BusCore;
  readonly #onState: ((state: SubscriptionState) => void) | undefined;
  #state: SubscriptionState = 'joining';
  #waiting: PromiseWithResolvers<void> | undefined;

  constructor(core: BusCore, onState: ((state: SubscriptionState) => void) | undefined) {
    this.#core = core;
    this.#onState = onState;
  }

  get state(): SubscriptionState {
    return this.#state;
  }

  turn(state: SubscriptionState): void {
    if (this.#state === state || this.#state === 'closed') return;
    this.#state = state;
    if (state !== 'joining') {
      this.#waiting?.resolve();
      this.#waiting = undefined;
    }
    this.#onState?.(state);
  }

  async ready({ signal, within = '5s' }: Parameters<Subscription['ready']>[0] = {}): Promise<void> {
    const limitMs = parseDuration(within, { field: 'within', min: 1 });
    if (this.#state === 'joining') {
      this.#waiting ??= Promise.withResolvers();
      const { promise } = this.#waiting;
      await withDeadline(limitMs, () => promise, { clock: this.#core.clock, signal, what: 'joining' });
    }
    if (this.#state === 'closed') throw new Closed('The subscription');
  }
}
