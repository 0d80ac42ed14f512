import type { FeedKind, FeedListener, BrokerFeed } from '@parley/bus';
import { virtualClock } from '@parley/cache-core/kernel';
import { Hearing, type HearingOptions } from '../src/hearing.ts';
import { emptyStats } from '../src/stats.ts';

interface Joining {
  readonly kind: FeedKind;
  readonly names: readonly string[];
  readonly signal: AbortSignal | undefined;
  readonly succeed: () => Promise<void>;
  readonly fail: () => Promise<void>;
}

/** A hearing whose feed is played by hand. */
export function hearingStage(
  options: Partial<HearingOptions> & { readonly feed?: Partial<BrokerFeed> } = {},
) {
  const clock = virtualClock();
  const stats = emptyStats();
  const joinings: Joining[] = [];
  const left: string[] = [];
  const listeners: FeedListener[] = [];
  const draws: number[] = [];
  const hearing = new Hearing({
    clock,
    stats,
    joinMs: 4_000,
    batch: 512,
    onTold: () => undefined,
    random: () => {
      const drawn = (draws.length % 10) / 10;
      draws.push(drawn);
      return drawn;
    },
    open: (listener) => {
      listeners.push(listener);
      return {
        detectionMs: 50,
        join: (kind, names, { signal } = {}) =>
          new Promise((resolve, reject) => {
            joinings.push({
              kind,
              names,
              signal,
              succeed: async () => {
                resolve();
                await clock.settle();
              },
              fail: async () => {
                reject(new Error('cannot join'));
                await clock.settle();
              },
            });
          }),
        leave: async (kind, names) => void left.push(...names.map((name) => `${kind} ${name}`)),
        close: async () => undefined,
        ...options.feed,
      };
    },
    ...options,
  });
  const follow = (name: string, kind: FeedKind = 'channel') => {
    const heard: string[] = [];
    const leave = hearing.follow(kind, name, {
      joined: () => heard.push('joined'),
      lost: (reason) => heard.push(`lost: ${reason}`),
      records: (channel, _epoch, records) =>
        heard.push(`${channel} ${records.map(({ id }) => id).join(' ')}`),
      advanced: (channel, { offset }) => heard.push(`${channel} at ${offset}`),
      signal: (channel, body) => heard.push(`${channel} says ${body}`),
      work: () => heard.push('work'),
    });
    return { heard, leave };
  };
  const [listener] = listeners;
  if (listener === undefined) throw new Error('it opened no feed');
  return { clock, stats, hearing, joinings, left, follow, listener, draws };
}
