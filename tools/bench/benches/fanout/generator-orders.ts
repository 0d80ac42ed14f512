import type { SparseDelays } from './delays.ts';
import type { Speech } from './dialects.ts';
import type { LedgerTotals } from './ledger.ts';

export interface ConnectPlan {
  readonly url: string;
  readonly speech: Speech;

  /** Those that the rival brings, instead of the lean ones that all subjects get. */
  readonly ownClients: boolean;

  /** All, in all processes. They take turns, also in belonging to a process. */
  readonly members: number;
  readonly worker: number;
  readonly workers: number;
}

export interface RunPlan {
  readonly run: number;
  readonly messages: number;
  readonly perSecond: number;

  /** Characters of a message. */
  readonly length: number;

  /** By the clock of the machine, when the first is due. */
  readonly from: number;

  /** How long is waited, after the last was due, for what has not come. */
  readonly drainMs: number;
}

export type Order =
  | { readonly do: 'connect'; readonly plan: ConnectPlan }
  | { readonly do: 'run'; readonly plan: RunPlan };

/** What one process has seen of a run. */
export interface RunReport {
  readonly delays: SparseDelays;

  /** By how much messages were sent late. */
  readonly lateness: SparseDelays;

  /** Deliveries until shortly after the last message was due. */
  readonly inTime: number;

  /** Of each receiver. */
  readonly totals: readonly LedgerTotals[];
  readonly sent: number;
  readonly acked: number;

  /** WebSocket messages with at least one message of ours, and the bytes of all of them. */
  readonly frames: number;
  readonly bytes: number;

  /** The share of a processor that this process was busy with, from the first message until everything was there. */
  readonly busy: number;
}

export type Told =
  | { readonly told: 'connected' }
  | { readonly told: 'ran'; readonly report: RunReport }
  | { readonly told: 'failed'; readonly error: string };
