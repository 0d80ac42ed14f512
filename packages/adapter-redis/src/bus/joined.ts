import type { FeedKind, Position } from '@parley/bus';
import type { Place } from './subscriber.ts';

/** One connection that hears, as far as a feed needs it. */
export interface FeedSubscriber {
  subscribe(places: readonly Place[]): Promise<void>;
  unsubscribe(places: readonly Place[]): Promise<void>;
  stop(): Promise<void>;
}

export interface SubscriberEvents {
  readonly onMessage: (channel: string, text: string) => void;
  readonly onLost: (channels: readonly string[], reason: string) => void;
  readonly onEnd: (subscriber: FeedSubscriber, reason: string) => void;
}

/** A name that a feed follows, or is about to. */
export interface Joined {
  readonly kind: FeedKind;
  readonly name: string;
  readonly places: readonly Place[];
  /** With each place where it is followed. */
  readonly at: Map<FeedSubscriber, Place[]>;
  confirmed: Promise<void>;
  /** How many calls have joined it. */
  calls: number;
  isIn: boolean;
  isLost: boolean;
  /** Of a channel: the last record that was told; undefined when something else was told since. */
  reached: Position | undefined;
}

export const keyOf = (kind: FeedKind, name: string): string => `${kind} ${name}`;

export const newJoined = (kind: FeedKind, name: string, places: readonly Place[]): Joined => ({
  kind,
  name,
  places,
  at: new Map(),
  confirmed: Promise.resolve(),
  calls: 1,
  isIn: false,
  isLost: false,
  reached: undefined,
});

/** Whether the records from here on were told. What one call appends is told together, so that it is all of them or none. */
export const isTold = ({ reached }: Joined, epoch: string, first: number): boolean =>
  reached?.epoch === epoch && first <= reached.offset;

/** Subscribes to them on the server that they are on, if it is there. */
export function follow(
  followed: readonly { readonly entry: Joined; readonly place: Place }[],
  opened: PromiseSettledResult<FeedSubscriber> | undefined,
): Promise<void> | undefined {
  if (opened === undefined) return undefined;
  const places = followed.map(({ place }) => place);
  const confirmed =
    opened.status === 'fulfilled' ? opened.value.subscribe(places) : Promise.reject(opened.reason);
  for (const { entry, place } of followed) {
    if (opened.status === 'fulfilled') {
      entry.at.set(opened.value, [...(entry.at.get(opened.value) ?? []), place]);
    }
  }
  for (const entry of new Set(followed.map(({ entry: each }) => each))) {
    entry.confirmed = Promise.all([entry.confirmed, confirmed]).then(() => undefined);
    // Whoever joined it waits for it; it may be lost before.
    entry.confirmed.catch(() => undefined);
  }
  return confirmed;
}
