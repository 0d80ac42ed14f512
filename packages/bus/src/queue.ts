import { parseDuration, requireInteger, withDeadline } from '@parley/cache-core/kernel';
import type { Abortable, Duration } from '@parley/cache-core/kernel';
import { nameOf, type BusCore } from './core.ts';
import { open } from './envelope.ts';
import type { JobCounts } from './job-store.ts';
import type { AnyTopic } from './topic.ts';

export interface QueueCall extends Abortable {
  /** @default '5s' */
  readonly within?: Duration | undefined;
}

/** A job that was given up. */
export interface DeadLetter<Data> {
  readonly id: string;
  /** Undefined when it cannot be read. */
  readonly data: Data | undefined;
  readonly body: string;
  readonly attempts: number;
  readonly reason: string;
  readonly at: number;
}

/** What an operator does with a queue. */
export interface QueueView<Data> {
  readonly counts: (call?: QueueCall) => Promise<JobCounts>;
  /** The oldest first, after the id given. */
  readonly dead: (
    call?: QueueCall & { readonly after?: string | undefined; readonly limit?: number | undefined },
  ) => Promise<DeadLetter<Data>[]>;
  /** Has dead jobs done after all: those given, or the oldest up to `limit`. Tells how many. */
  readonly redrive: (
    call?: QueueCall & { readonly ids?: readonly string[] | undefined; readonly limit?: number | undefined },
  ) => Promise<number>;
  /** Forgets dead jobs: those given, or the oldest up to `limit`. Tells how many. */
  readonly discard: (
    call?: QueueCall & { readonly ids?: readonly string[] | undefined; readonly limit?: number | undefined },
  ) => Promise<number>;
}

export function queueView(core: BusCore, topic: AnyTopic, group: string): QueueView<unknown> {
  const queue = nameOf(topic.name, group);
  const { jobs } = core.broker;
  const run = <T>(
    { signal, within = '5s' }: QueueCall,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> =>
    withDeadline(parseDuration(within, { field: 'within', min: 1 }), work, {
      clock: core.clock,
      signal,
      what: `asking about ${queue}`,
    });
  const limitOf = (limit: number | undefined): number => requireInteger('limit', limit ?? 100, 1, 1_000);
  return {
    counts: (call = {}) => run(call, (signal) => jobs.counts(queue, { signal })),
    dead: (call = {}) =>
      run(call, async (signal) => {
        const page = await jobs.dead(queue, { after: call.after, limit: limitOf(call.limit), signal });
        return page.map((job) => ({ ...job, data: readable(topic, job.id, job.body) }));
      }),
    redrive: (call = {}) =>
      run(call, (signal) => jobs.redrive(queue, { ids: call.ids, limit: limitOf(call.limit), signal })),
    discard: (call = {}) =>
      run(call, (signal) => jobs.discard(queue, { ids: call.ids, limit: limitOf(call.limit), signal })),
  };
}

function readable(topic: AnyTopic, id: string, body: string): unknown {
  try {
    return open(topic, id, body).data;
  } catch {
    return undefined;
  }
}
