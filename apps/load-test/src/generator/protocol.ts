import type { BookTotals } from './book.ts';
import type { Counts, SparseMeters } from './figures.ts';

/** One who takes part, on a connection of their own; a user may have several. */
export interface AgentPlan {
  /** Counted over all processes. */
  readonly index: number;
  readonly userId: string;
  readonly token: string;
  /** Places in the list of channels. */
  readonly channels: readonly number[];
  /** Channels whose presence is watched. */
  readonly watches: readonly number[];
  /** Hears and says nothing but that. */
  readonly mute: boolean;
}

export interface ChannelPlan {
  readonly id: string;
  /** How large its part of the messages is, compared with that of others. */
  readonly weight: number;
}

export interface Traffic {
  /** A second, over all processes. */
  readonly messages: number;
  readonly reactions: number;
  readonly typing: number;
  readonly presence: number;
  /** Characters of a message: from, to. */
  readonly length: readonly [number, number];
}

export interface WorkPlan {
  readonly run: string;
  readonly worker: number;
  readonly workers: number;
  readonly seed: number;
  readonly urls: readonly string[];
  readonly channels: readonly ChannelPlan[];
  readonly agents: readonly AgentPlan[];
  readonly traffic: Traffic;
}

export type Order =
  | { readonly do: 'connect'; readonly plan: WorkPlan }
  | { readonly do: 'run'; readonly from: number; readonly measureFrom: number; readonly until: number }
  /** Whose number is in the list loses the connection, and connects again. */
  | { readonly do: 'cut'; readonly agents: readonly number[] }
  | { readonly do: 'stall'; readonly agents: readonly number[]; readonly still: boolean }
  /** Times how long it takes until each receiver is given something that was due after this moment. */
  | { readonly do: 'resume'; readonly since: number }
  /** Waits until everybody was given everything up to these numbers, by channel, and tells. */
  | { readonly do: 'settle'; readonly heads: readonly number[]; readonly withinMs: number }
  | { readonly do: 'end' };

export interface Interval {
  readonly counts: Counts;
  readonly meters: SparseMeters;
  /** Connections that are live in all of their channels. */
  readonly live: number;
  /** The longest that the process stood still, in milliseconds. */
  readonly pause: number;
}

/** What a process of the generator knows at the end. */
export interface Outcome {
  readonly totals: BookTotals;
  /** The worst, in words. */
  readonly problems: readonly string[];
  /** Which message each number of a channel is; undefined: nobody here listens to it. */
  readonly records: readonly (Int32Array | undefined)[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly live: number;
  readonly interval: Interval;
}

export type Report =
  | { readonly told: 'connected' }
  | ({ readonly told: 'interval' } & Interval)
  /** All was said, and answered or given up: which number each message got, three in a row: channel, number of the log, of the message. */
  | { readonly told: 'sent'; readonly acked: Int32Array; readonly unanswered: number }
  | ({ readonly told: 'outcome' } & Outcome)
  | { readonly told: 'failed'; readonly error: string };
