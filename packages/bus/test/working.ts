import { defineTopic, type Job, type WorkOptions } from '@parley/bus';
import { quiet, text, type Stage } from './support.ts';

export const chores = defineTopic('chores', { class: 'queue', schema: text });
export const queue = 'chores:workers';

export async function add({ bus, clock }: Stage, ...all: string[]): Promise<void> {
  for (const data of all) await bus.publish(chores, data);
  await quiet(clock);
}

/** A worker whose jobs end when they are told to. */
export function working(on: Stage, options: WorkOptions = {}) {
  const jobs: Job<string>[] = [];
  const ends: PromiseWithResolvers<void>[] = [];
  const errors: string[] = [];
  const worker = on.bus.work(
    chores,
    (job) => {
      jobs.push(job);
      const end = Promise.withResolvers<void>();
      ends.push(end);
      return end.promise;
    },
    {
      onError: (error, { attempt, dead }) => errors.push(`${String(error)} ${attempt}${dead ? ' dead' : ''}`),
      ...options,
    },
  );
  return {
    worker,
    jobs,
    errors,
    begun: () => jobs.map(({ data, attempt }) => `${data}${attempt}`).join(' '),
    end: async (at: number, error?: Error) => {
      if (error === undefined) ends[at]?.resolve();
      else ends[at]?.reject(error);
      await quiet(on.clock);
    },
  };
}
