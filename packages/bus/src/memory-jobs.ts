import type { Clock, Timer } from '@parley/cache-core/kernel';
import type {
  AddedJob,
  DeadJob,
  JobLease,
  JobOutcome,
  JobStore,
  NewJob,
  RedriveOptions,
  TakenJob,
  TakeRequest,
} from './job-store.ts';
import type { MemoryFeeds } from './memory-feed.ts';

interface Job {
  readonly id: string;
  readonly body: string;
  readonly addedAt: number;
  dueAt: number;
  attempts: number;
  token: string;
  leasedUntil: number;
}

/** A job is in one of the first four. */
interface Queue {
  readonly ready: Map<string, Job>;
  readonly later: Map<string, Job>;
  readonly taken: Map<string, Job>;
  readonly dead: Map<string, DeadJob>;
  readonly once: Map<string, { readonly id: string; readonly until: number }>;
  waker: Timer | undefined;
}

export function memoryJobs(clock: Clock, feeds: MemoryFeeds): JobStore {
  const queues = new Map<string, Queue>();

  const queueOf = (name: string): Queue => {
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = {
        ready: new Map(),
        later: new Map(),
        taken: new Map(),
        dead: new Map(),
        once: new Map(),
        waker: undefined,
      };
      queues.set(name, queue);
    }
    return queue;
  };

  const bury = (queue: Queue, { id, body, attempts }: Job, reason: string): void => {
    queue.dead.set(id, { id, body, attempts, reason, at: clock.now() });
  };

  /** Moves what has become due, and what nobody has any more, to those that are ready. */
  const turn = (queue: Queue): void => {
    const now = clock.monotonic();
    for (const job of queue.later.values()) if (job.dueAt <= now) move(queue.later, queue.ready, job);
    for (const job of queue.taken.values()) if (job.leasedUntil <= now) move(queue.taken, queue.ready, job);
  };

  /** Workers hear of a job when it is there to be taken. */
  const wake = (name: string): void => {
    const queue = queueOf(name);
    turn(queue);
    if (queue.ready.size > 0) feeds.work(name);
    queue.waker?.cancel();
    let next = Infinity;
    for (const { dueAt } of queue.later.values()) next = Math.min(next, dueAt);
    for (const { leasedUntil } of queue.taken.values()) next = Math.min(next, leasedUntil);
    if (next === Infinity) return;
    queue.waker = clock.timer(Math.max(1, next - clock.monotonic()), () => wake(name), { unref: true });
  };

  const known = (queue: Queue, { id, once, again }: NewJob): AddedJob | undefined => {
    const first = once === undefined ? undefined : queue.once.get(once.key);
    if (first !== undefined && first.until > clock.monotonic()) return { id: first.id, repeated: true };
    const there = [queue.ready, queue.later, queue.taken, queue.dead].some((jobs) => jobs.has(id));
    return again === true && there ? { id, repeated: true } : undefined;
  };

  const add = (job: NewJob): AddedJob => {
    const queue = queueOf(job.queue);
    const earlier = known(queue, job);
    if (earlier !== undefined) return earlier;
    const { id, body, delayMs, once } = job;
    const now = clock.monotonic();
    const added = {
      id,
      body,
      addedAt: clock.now(),
      dueAt: now + delayMs,
      attempts: 0,
      token: '',
      leasedUntil: 0,
    };
    (delayMs > 0 ? queue.later : queue.ready).set(id, added);
    if (once !== undefined) {
      forgetOver(queue.once, now);
      queue.once.delete(once.key);
      queue.once.set(once.key, { id, until: now + once.forMs });
    }
    return { id, repeated: false };
  };

  const take = ({ queue: name, limit, leaseMs, token, maxAttempts }: TakeRequest): TakenJob[] => {
    const queue = queueOf(name);
    turn(queue);
    const before = [...queue.taken.values()].filter((job) => job.token === token);
    if (before.length > 0) return before.map(shown);
    const given: Job[] = [];
    for (const job of queue.ready.values()) {
      if (given.length >= limit) break;
      if (job.attempts >= maxAttempts) {
        queue.ready.delete(job.id);
        bury(queue, job, `its lease ran out ${job.attempts} times`);
        continue;
      }
      job.attempts += 1;
      job.token = token;
      job.leasedUntil = clock.monotonic() + leaseMs;
      move(queue.ready, queue.taken, job);
      given.push(job);
    }
    return given.map(shown);
  };

  const held = ({ queue, id, token }: JobLease): Job | undefined => {
    const job = queueOf(queue).taken.get(id);
    return job?.token === token && job.leasedUntil > clock.monotonic() ? job : undefined;
  };

  const settle = (outcome: JobOutcome): boolean => {
    const job = held(outcome);
    if (job === undefined) return false;
    const queue = queueOf(outcome.queue);
    if (outcome.outcome === 'again') {
      job.dueAt = clock.monotonic() + outcome.delayMs;
      if (!outcome.countsAttempt) job.attempts -= 1;
      move(queue.taken, outcome.delayMs > 0 ? queue.later : queue.ready, job);
      wake(outcome.queue);
      return true;
    }
    queue.taken.delete(job.id);
    if (outcome.outcome === 'dead') bury(queue, job, outcome.reason);
    return true;
  };

  const chosen = (name: string, { ids, limit }: RedriveOptions): DeadJob[] =>
    [...queueOf(name).dead.values()].filter(({ id }) => ids?.includes(id) ?? true).slice(0, limit);

  return {
    async add(jobs) {
      const added = jobs.map(add);
      for (const name of new Set(jobs.map(({ queue }) => queue))) wake(name);
      return added;
    },
    async take(request) {
      const taken = take(request);
      if (taken.length > 0) wake(request.queue);
      return taken;
    },
    extend: async (leases, leaseMs) =>
      leases.map((lease) => {
        const job = held(lease);
        if (job !== undefined) job.leasedUntil = clock.monotonic() + leaseMs;
        return job !== undefined;
      }),
    settle: async (outcomes) => outcomes.map(settle),
    async dead(name, { after, limit }) {
      const all = [...queueOf(name).dead.values()];
      const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      return all.slice(from, from + limit);
    },
    async redrive(name, options) {
      const queue = queueOf(name);
      const back = chosen(name, options);
      for (const { id, body, at } of back) {
        queue.dead.delete(id);
        const dueAt = clock.monotonic();
        queue.ready.set(id, { id, body, addedAt: at, dueAt, attempts: 0, token: '', leasedUntil: 0 });
      }
      if (back.length > 0) wake(name);
      return back.length;
    },
    async discard(name, options) {
      const gone = chosen(name, options);
      for (const { id } of gone) queueOf(name).dead.delete(id);
      return gone.length;
    },
    async counts(name) {
      const queue = queueOf(name);
      turn(queue);
      const [oldest] = queue.ready.values();
      return {
        ready: queue.ready.size,
        delayed: queue.later.size,
        taken: queue.taken.size,
        dead: queue.dead.size,
        oldestReadyMs: oldest === undefined ? 0 : Math.max(0, clock.monotonic() - oldest.dueAt),
      };
    },
  };
}

/** In the order in which they were made: those in front end first, or nearly so. */
function forgetOver(once: Queue['once'], now: number): void {
  for (const [key, { until }] of once) {
    if (until > now) return;
    once.delete(key);
  }
}

function move(from: Map<string, Job>, to: Map<string, Job>, job: Job): void {
  from.delete(job.id);
  to.set(job.id, job);
}

const shown = ({ id, body, attempts, addedAt }: Job): TakenJob => ({ id, body, attempt: attempts, addedAt });
