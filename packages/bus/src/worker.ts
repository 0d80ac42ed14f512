import {
  createInstanceId,
  exponentialBackoff,
  listenerErrors,
  parseDuration,
  requireInteger,
  safeCall,
  withDeadline,
} from '@parley/cache-core/kernel';
import type { Backoff, Duration, Timer } from '@parley/cache-core/kernel';
import { nameOf, type BusCore } from './core.ts';
import { open, Unreadable } from './envelope.ts';
import type { Outcome, TakenJob } from './job-store.ts';
import { Leases } from './leases.ts';
import type { AnyTopic } from './topic.ts';

export interface Job<Data> {
  readonly id: string;
  readonly data: Data;
  /** How often it was begun, this time included. */
  readonly attempt: number;
  readonly addedAt: number;
  readonly source: string;
  readonly traceparent: string | undefined;
  /** Aborted when the job is not ours any more, or the worker is closed and has waited long enough. */
  readonly signal: AbortSignal;
}

export interface WorkOptions {
  /** Which group of workers this one belongs to. @default the first of the topic */
  readonly group?: string | undefined;
  /** How many jobs this worker does at once. @default 10 */
  readonly concurrency?: number | undefined;
  /** For how long a worker that died keeps its jobs from others. Lengthened by itself while a job is at work. @default '30s' */
  readonly lease?: Duration | undefined;
  /** How often a job is tried before it is dead. @default 5 */
  readonly attempts?: number | undefined;
  /** The pause before the next attempt, in ms. @default from 1 s to 5 minutes, doubling, drawn at random */
  readonly backoff?: Backoff | undefined;
  /** How often a worker looks for jobs that nobody told it of. @default '5s' */
  readonly pollEvery?: Duration | undefined;
  /** What the handler threw, and what became of the job. */
  readonly onError?:
    | ((
        error: unknown,
        job: { readonly id: string; readonly attempt: number; readonly dead: boolean },
      ) => void)
    | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Worker extends AsyncDisposable {
  readonly running: number;
  /** Takes no more jobs, lets those at work end for at most `within`, and gives back what did not. @default '10s' */
  readonly close: (options?: { readonly within?: Duration | undefined }) => Promise<void>;
}

/** Thrown by a handler whose job will never succeed: it is dead at once. */
export class Undoable extends Error {
  override readonly name = 'Undoable';
}

/** Takes jobs of one queue as it has room, and settles them. */
export class QueueWorker implements Worker {
  readonly #core: BusCore;
  readonly topic: AnyTopic;
  readonly #queue: string;
  readonly #handler: (job: Job<never>) => unknown;
  readonly #options: WorkOptions;
  readonly #concurrency: number;
  readonly #maxAttempts: number;
  readonly #leaseMs: number;
  readonly #pollMs: number;
  readonly #backoff: Backoff;
  readonly #usualBackoff: Backoff;
  readonly #leases: Leases;
  readonly #leave: () => void;
  readonly #onEnd: (self: QueueWorker) => void;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #taking: Promise<void> | undefined;
  #wanted = false;
  /** Of a taking whose answer is not known: asked for again by its name, it is given the same jobs. */
  #asked: { readonly token: string; readonly at: number } | undefined;
  #poll: Timer | undefined;
  #failures = 0;
  #closed: Promise<void> | undefined;

  constructor(
    core: BusCore,
    topic: AnyTopic,
    handler: (job: Job<never>) => unknown,
    options: WorkOptions,
    group: string,
    onEnd: (self: QueueWorker) => void,
  ) {
    this.#core = core;
    this.topic = topic;
    this.#queue = nameOf(topic.name, group);
    this.#handler = handler;
    this.#options = options;
    this.#onEnd = onEnd;
    this.#concurrency = requireInteger('concurrency', options.concurrency ?? 10, 1, 10_000);
    this.#maxAttempts = requireInteger('attempts', options.attempts ?? 5, 1, 1_000);
    this.#leaseMs = parseDuration(options.lease ?? '30s', { field: 'lease', min: 100 });
    this.#pollMs = parseDuration(options.pollEvery ?? '5s', { field: 'pollEvery', min: 10 });
    const usual = exponentialBackoff({ baseMs: 1_000, maxMs: 300_000, minMs: 100, random: core.random });
    this.#usualBackoff = (attempt) => Math.round(usual(attempt));
    this.#backoff = options.backoff ?? this.#usualBackoff;
    this.#leases = new Leases(core, this.#leaseMs);
    this.#leave = core.hearing.follow('queue', this.#queue, {
      joined: () => this.#look(),
      lost: () => undefined,
      work: () => this.#look(),
    });
    options.signal?.addEventListener('abort', () => void this.close(), {
      once: true,
      signal: this.#ending.signal,
    });
    if (options.signal?.aborted === true) void this.close();
    else this.#look();
  }

  get running(): number {
    return this.#running.size;
  }

  close({ within = '10s' }: { readonly within?: Duration | undefined } = {}): Promise<void> {
    this.#closed ??= this.#close(parseDuration(within, { field: 'within' }));
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(withinMs: number): Promise<void> {
    this.#poll?.cancel();
    this.#leave();
    const { clock, callMs } = this.#core;
    const ended = async (): Promise<void> => {
      await this.#taking;
      await Promise.all(this.#running);
    };
    if (withinMs > 0) await withDeadline(withinMs, ended, { clock }).catch(() => undefined);
    this.#ending.abort();
    // Those that heed their signal give their jobs back; the others are not waited for.
    if (this.#running.size > 0) await withDeadline(callMs, ended, { clock }).catch(() => undefined);
    this.#leases.close();
    this.#onEnd(this);
  }

  #look(): void {
    this.#wanted = true;
    if (this.#taking !== undefined || this.#closed !== undefined) return;
    this.#taking = Promise.resolve()
      .then(() => this.#takeAll())
      .finally(() => {
        this.#taking = undefined;
        this.#rest();
      });
  }

  /** Until there is nothing left, or no room. */
  async #takeAll(): Promise<void> {
    this.#poll?.cancel();
    try {
      while (this.#wanted && this.#closed === undefined && this.#running.size < this.#concurrency) {
        this.#wanted = false;
        await this.#take(this.#concurrency - this.#running.size);
      }
      this.#failures = 0;
    } catch {
      this.#failures += 1;
    }
  }

  async #take(room: number): Promise<void> {
    const { broker, clock, closing } = this.#core;
    const limit = Math.min(room, broker.capabilities.maxBatch);
    const { token, at: takenAt } = this.#ask();
    const request = {
      queue: this.#queue,
      limit,
      leaseMs: this.#leaseMs,
      token,
      maxAttempts: this.#maxAttempts,
    };
    const jobs = await withDeadline(
      Math.min(this.#leaseMs / 2, 5_000),
      (signal) => broker.jobs.take(request, { signal }),
      {
        clock,
        signal: closing,
        what: 'taking jobs',
      },
    );
    this.#asked = undefined;
    if (jobs.length >= limit) this.#wanted = true;
    for (const job of jobs) {
      const done = this.#do(job, token, takenAt).finally(() => {
        this.#running.delete(done);
        if (this.#wanted) this.#look();
      });
      this.#running.add(done);
    }
  }

  /** The leases of an earlier asking, if there are any, count from that. */
  #ask(): { readonly token: string; readonly at: number } {
    const { clock } = this.#core;
    const now = clock.monotonic();
    if (this.#asked === undefined || now - this.#asked.at > this.#leaseMs / 2)
      this.#asked = { token: createInstanceId({ clock }), at: now };
    return this.#asked;
  }

  #rest(): void {
    if (this.#closed !== undefined) return;
    // Told of work while the last taking came to its end.
    if (this.#failures === 0 && this.#wanted && this.#running.size < this.#concurrency) {
      this.#look();
      return;
    }
    const { clock, random } = this.#core;
    const afterMs =
      this.#failures > 0
        ? Math.min(this.#pollMs, 50 * 2 ** Math.min(this.#failures, 10)) * (0.5 + random())
        : this.#pollMs * (0.75 + random() / 2);
    this.#poll?.cancel();
    this.#poll = clock.timer(afterMs, () => this.#look(), { unref: true });
  }

  async #do(taken: TakenJob, token: string, takenAt: number): Promise<void> {
    const { id, attempt } = taken;
    const lease = this.#leases.hold({ queue: this.#queue, id, token }, takenAt, this.#ending.signal);
    let outcome: Outcome = { outcome: 'done' };
    try {
      const { data, source, traceparent } = open(this.topic, id, taken.body);
      // What it is given was held to the schema of its topic.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const job = {
        id,
        data,
        attempt,
        addedAt: taken.addedAt,
        source,
        traceparent,
        signal: lease.signal,
      } as Job<never>;
      await this.#handler(job);
    } catch (error) {
      outcome = this.#judge(error, taken);
    }
    if (this.#ending.signal.aborted && outcome.outcome !== 'done') {
      outcome = { outcome: 'again', delayMs: 0, countsAttempt: false };
    }
    if (await lease.settle(outcome)) this.#count(outcome, id);
    else this.#core.stats.leasesLost += 1;
  }

  #judge(error: unknown, { id, attempt }: TakenJob): Outcome {
    const reason = error instanceof Error ? error.message : String(error);
    const dead = error instanceof Unreadable || error instanceof Undoable || attempt >= this.#maxAttempts;
    if (error instanceof Unreadable) this.#core.stats.poison += 1;
    else {
      this.#core.stats.handlerErrors += 1;
      listenerErrors.emit({ listener: `worker of ${this.#queue}`, error });
    }
    safeCall('bus error handler', this.#options.onError, error, { id, attempt, dead });
    if (dead) return { outcome: 'dead', reason: reason.slice(0, 1_000) };
    return { outcome: 'again', delayMs: this.#pauseAfter(attempt), countsAttempt: true };
  }

  #pauseAfter(attempt: number): number {
    const delayMs = safeCall('bus job backoff', this.#backoff, attempt);
    if (typeof delayMs === 'number' && delayMs >= 0 && delayMs < Infinity) return Math.round(delayMs);
    return this.#usualBackoff(attempt);
  }

  #count(outcome: Outcome, id: string): void {
    const { stats, tell } = this.#core;
    if (outcome.outcome === 'done') stats.jobsDone += 1;
    if (outcome.outcome === 'again') stats.jobsRetried += 1;
    if (outcome.outcome !== 'dead') return;
    stats.jobsDead += 1;
    tell({ type: 'dead', queue: this.#queue, id, reason: outcome.reason });
  }
}
