import type { JobOutcome, NewJob, TakenJob, TakeRequest } from '@parley/bus';
import { jobs, lookalike, type Saboteur, type Saboteurs } from './saboteur.ts';

const added = (change: (job: NewJob) => NewJob): Saboteur =>
  jobs((good) => ({ add: (some) => good.add(some.map(change)) }));

const asked = (change: (request: TakeRequest) => TakeRequest): Saboteur =>
  jobs((good) => ({ take: (request) => good.take(change(request)) }));

const taken = (change: (jobs: readonly TakenJob[]) => readonly TakenJob[]): Saboteur =>
  jobs((good) => ({ take: async (request) => change(await good.take(request)) }));

const settled = (change: (outcome: JobOutcome) => JobOutcome): Saboteur =>
  jobs((good) => ({ settle: (outcomes) => good.settle(outcomes.map(change)) }));

/** Lets anybody settle a job that somebody holds. */
const anyToken = jobs((good) => {
  const holders = new Map<string, string>();
  return {
    take: async (request) => {
      const some = await good.take(request);
      for (const { id } of some) holders.set(id, request.token);
      return some;
    },
    settle: (outcomes) =>
      good.settle(outcomes.map((one) => ({ ...one, token: holders.get(one.id) ?? one.token }))),
  };
});

const onceForAllQueues = jobs((good) => {
  const known = new Map<string, string>();
  return {
    add: async (some) => {
      const fresh = some.filter(({ once }) => once === undefined || !known.has(once.key));
      const replies = await good.add(fresh);
      for (const { id, once } of fresh) if (once !== undefined) known.set(once.key, id);
      return some.map((one) => {
        const at = fresh.indexOf(one);
        return (
          (at === -1 ? undefined : replies[at]) ?? {
            id: known.get(one.once?.key ?? '') ?? '',
            repeated: true,
          }
        );
      });
    },
  };
});

const again = (change: { readonly countsAttempt?: boolean; readonly delayMs?: number }): Saboteur =>
  settled((one) => (one.outcome === 'again' ? { ...one, ...change } : one));

const longer = asked((request) => ({ ...request, leaseMs: request.leaseMs * 1_000 }));

export const jobSaboteurs: Saboteurs = {
  'jobs are handed out in the order in which they were added, as they were': [
    taken((some) => some.toReversed()),
    taken((some) => some.map((one) => ({ ...one, body: one.body.trim() }))),
    taken((some) => some.map((one) => ({ ...one, attempt: one.attempt - 1 }))),
  ],
  'a job goes to one taker, however many ask at the same time': [
    jobs((good) => {
      let first: TakenJob | undefined;
      let more = true;
      return {
        take: async (request) => {
          const some = await good.take(request);
          if (first === undefined) [first] = some;
          else if (more) {
            more = false;
            return [first, ...some.slice(1)];
          }
          return some;
        },
      };
    }),
    asked((request) => ({ ...request, limit: 100 })),
  ],
  'a taking that is repeated with its token is given the same jobs, uncounted': [
    asked((request) => ({ ...request, token: `${Math.random()}` })),
    jobs((good) => {
      const known = new Set<string>();
      return {
        take: async (request) => {
          const repeated = known.has(request.token);
          known.add(request.token);
          const some = await good.take(request);
          return repeated ? some.map((one) => ({ ...one, attempt: one.attempt + 1 })) : some;
        },
      };
    }),
  ],
  'a job that is done is gone, for its holder alone to say': [
    anyToken,
    jobs((good) => ({
      settle: async (outcomes) => {
        await good.settle(outcomes);
        return outcomes.map(() => true);
      },
    })),
    settled(({ queue, id, token }) => ({
      queue,
      id,
      token,
      outcome: 'again',
      delayMs: 0,
      countsAttempt: true,
    })),
  ],
  'a job is not handed out before its time, and then it is': [
    added((job) => ({ ...job, delayMs: 0 })),
    added((job) => ({ ...job, delayMs: job.delayMs * 1_000 })),
  ],
  'when a lease runs out somebody else gets the job, and the first holder has no say any more': [
    longer,
    anyToken,
    jobs((good) => ({
      extend: async (leases, leaseMs) => {
        await good.extend(leases, leaseMs);
        return leases.map(() => true);
      },
    })),
  ],
  'a lease that is extended lasts longer': [
    jobs(() => ({ extend: async (leases) => leases.map(() => true) })),
    jobs((good) => ({
      extend: async (leases, leaseMs) => (await good.extend(leases, leaseMs)).map(() => false),
    })),
  ],
  'a job may be tried again later, and given back untried': [
    again({ countsAttempt: true }),
    again({ countsAttempt: false }),
    again({ delayMs: 0 }),
    again({ delayMs: 1e9 }),
  ],
  'a job whose leases ran out too often is dead instead of being handed out again': [
    asked((request) => ({ ...request, maxAttempts: 1_000 })),
    jobs(() => ({ dead: async () => [] })),
  ],
  'dead jobs keep their reason, are listed page by page, and are redriven or discarded': [
    settled((one) => (one.outcome === 'dead' ? { ...one, reason: '' } : one)),
    jobs((good) => ({ dead: (queue, page) => good.dead(queue, { ...page, after: undefined }) })),
    jobs((good) => ({ dead: (queue, page) => good.dead(queue, { ...page, limit: 100 }) })),
    jobs((good) => ({ redrive: (queue, options) => good.redrive(queue, { ...options, ids: undefined }) })),
    jobs((good) => ({ redrive: (queue, options) => good.redrive(queue, { ...options, limit: 100 }) })),
    jobs((good) => ({ redrive: (queue, options) => good.discard(queue, options) })),
    jobs((good) => ({ discard: (queue, options) => good.redrive(queue, options) })),
  ],
  'a job of a known idempotency key is not added, be the first one done or not': [
    added((job) => ({ ...job, once: undefined })),
    added((job) => (job.once === undefined ? job : { ...job, once: { ...job.once, forMs: 1e9 } })),
    onceForAllQueues,
  ],
  'a job that may have been added before is not added twice': [
    added(({ again: repeated, ...job }) => (repeated === true ? { ...job, id: `${job.id}x` } : job)),
    jobs((good) => ({
      add: async (some) => {
        await good.add(some.filter((one) => one.again !== true));
        return some.map(({ id, again: repeated = false }) => ({ id, repeated }));
      },
    })),
    jobs((good) => ({
      add: async (some) => (await good.add(some)).map((one) => ({ ...one, repeated: false })),
    })),
  ],
  'queues are counted, each for itself, and their names mean nothing': [
    jobs((good) => ({
      add: (some) => good.add(some.map((one) => ({ ...one, queue: lookalike(one.queue) }))),
      take: (request) => good.take({ ...request, queue: lookalike(request.queue) }),
      settle: (outcomes) => good.settle(outcomes.map((one) => ({ ...one, queue: lookalike(one.queue) }))),
      counts: (queue) => good.counts(lookalike(queue)),
    })),
    jobs((good) => ({
      counts: async (queue) => {
        const { ready, delayed, ...counts } = await good.counts(queue);
        return { ...counts, ready: ready + delayed, delayed: 0 };
      },
    })),
    jobs((good) => ({ counts: async (queue) => ({ ...(await good.counts(queue)), dead: 0 }) })),
    jobs((good) => ({ counts: async (queue) => ({ ...(await good.counts(queue)), oldestReadyMs: 1e9 }) })),
  ],
};
