import { virtualClock } from '@parley/cache-core/kernel';
import { Outbox, type OutboxOptions } from '../src/outbox.ts';
import { watch, type Watched } from './support.ts';

interface Item {
  readonly item: string;
  readonly sinceMs?: number;
}

type TextOutbox = Outbox<Item, string>;

interface Call {
  readonly parcels: readonly Item[];
  readonly signal: AbortSignal | undefined;
  readonly answer: (replies?: readonly string[]) => Promise<void>;
  readonly fail: (error: Error) => Promise<void>;
}

export const itemsOf = (call: Call | undefined): string =>
  call?.parcels.map(({ item }) => item).join(' ') ?? 'no call';

export const outcomes = (watched: readonly Watched[]): (string | undefined)[] =>
  watched.map(({ outcome }) => outcome);

/** Outboxes whose calls are answered by hand. */
export function outboxStage() {
  const clock = virtualClock();
  const calls: Call[] = [];
  let resent = 0;
  return {
    clock,
    calls,
    resent: () => resent,
    all: () => calls.map(itemsOf),
    push: (box: TextOutbox, items: string, { lane = 'a', within = 5_000, bytes = 10 } = {}): Watched[] =>
      items.split(' ').map((item) => watch(box.push(lane, { item }, bytes, within), clock)),
    outbox: (options: Partial<OutboxOptions<Item, string>> = {}): TextOutbox =>
      new Outbox<Item, string>({
        what: 'messages',
        clock,
        random: () => 0.5,
        maxBatch: 100,
        maxInFlight: 4,
        maxMessages: 1_000,
        maxBytes: 1_000_000,
        attemptMs: 1_000,
        onResent: (count) => (resent += count),
        again: ({ item }, sinceMs) => ({ item, sinceMs }),
        send: (parcels, { signal }) =>
          new Promise((resolve, reject) => {
            calls.push({
              parcels,
              signal,
              answer: async (replies = parcels.map(({ item }) => `${item}!`)) => {
                resolve(replies);
                await clock.settle();
              },
              fail: async (error) => {
                reject(error);
                await clock.settle();
              },
            });
          }),
        ...options,
      }),
  };
}
