import type { BrokerCall } from './broker.ts';

/**
 * Queues: each job goes to one worker at a time. Who takes it has it until it ends its lease, or the lease runs out; then somebody else
 * gets it. A lease is named by a token: whoever comes with an older one changes nothing.
 */
export interface JobStore {
  /** Adds all or none of a queue's jobs. A job whose `once` key is already known in its queue is not added. */
  readonly add: (jobs: readonly NewJob[], options?: BrokerCall) => Promise<readonly AddedJob[]>;

  /** The next jobs that are due, those first that have been due for longest, as nearly as the broker can tell. */
  readonly take: (request: TakeRequest, options?: BrokerCall) => Promise<readonly TakenJob[]>;

  /** Lengthens leases, counted from now; tells which of them were still held. */
  readonly extend: (leases: readonly JobLease[], leaseMs: number, options?: BrokerCall) => Promise<boolean[]>;

  /** Ends jobs: done, to be tried again later, or dead. Tells which leases were still held. */
  readonly settle: (outcomes: readonly JobOutcome[], options?: BrokerCall) => Promise<boolean[]>;

  /** Dead jobs, oldest first, after the id given. */
  readonly dead: (queue: string, page: BrokerCall & DeadPage) => Promise<readonly DeadJob[]>;

  /** Puts dead jobs back, due now, with no attempts counted; all of them up to `limit` where no ids are given. Tells how many. */
  readonly redrive: (queue: string, options: BrokerCall & RedriveOptions) => Promise<number>;

  /** Forgets dead jobs; tells how many. */
  readonly discard: (queue: string, options: BrokerCall & RedriveOptions) => Promise<number>;

  readonly counts: (queue: string, options?: BrokerCall) => Promise<JobCounts>;
}

export interface NewJob {
  readonly queue: string;
  readonly id: string;
  readonly body: string;
  /** Not before this time has passed. */
  readonly delayMs: number;
  /** Among jobs of one key in one queue within `forMs`, only the first is added, be it done or not. */
  readonly once?: { readonly key: string; readonly forMs: number } | undefined;
  /** Set when an earlier call with this id may have added it: then it is added only if it is not there. */
  readonly again?: boolean | undefined;
}

export interface AddedJob {
  /** Of the job that is in the queue: another one's where `repeated` is true by `once`. */
  readonly id: string;
  readonly repeated: boolean;
}

export interface TakeRequest {
  readonly queue: string;
  readonly limit: number;
  readonly leaseMs: number;
  /** Names this taking: a call repeated with the same token, after a lost reply, is given the same jobs. */
  readonly token: string;
  /** A job that was taken as often as this and not settled is dead instead of being handed out again. */
  readonly maxAttempts: number;
}

export interface JobLease {
  readonly queue: string;
  readonly id: string;
  readonly token: string;
}

export interface TakenJob {
  readonly id: string;
  readonly body: string;
  /** How often it was taken, this time included. */
  readonly attempt: number;
  /** When it was added, by the broker's clock, in milliseconds since 1970. */
  readonly addedAt: number;
}

/** What becomes of a job that was taken. */
export type Outcome =
  | { readonly outcome: 'done' }
  /** With `countsAttempt: false` it is given back untried. */
  | { readonly outcome: 'again'; readonly delayMs: number; readonly countsAttempt: boolean }
  | { readonly outcome: 'dead'; readonly reason: string };

export type JobOutcome = JobLease & Outcome;

export interface DeadPage {
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface DeadJob {
  readonly id: string;
  readonly body: string;
  readonly attempts: number;
  readonly reason: string;
  readonly at: number;
}

export interface RedriveOptions {
  readonly ids?: readonly string[] | undefined;
  readonly limit: number;
}

export interface JobCounts {
  readonly ready: number;
  readonly delayed: number;
  readonly taken: number;
  readonly dead: number;
  /** How long the oldest one that is ready has waited; 0 when none is. */
  readonly oldestReadyMs: number;
}
