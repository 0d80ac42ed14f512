import type { AddedJob, DeadJob, JobOutcome, JobStore, NewJob, RedriveOptions, TakenJob } from '@parley/bus';
import { asList, type Lane, type ScriptCall, type Word } from '../lane.ts';
import { loadScript, type Script } from '../script.ts';
import { within } from '../within.ts';
import { publishing } from './append.ts';
import { byTag } from './by-tag.ts';
import type { BusKeys } from './keys.ts';

const load = (name: string): Script => loadScript('bus/history', 'bus/job', `bus/${name}`);
const scripts = {
  add: load('job-add'),
  take: load('job-take'),
  extend: load('job-extend'),
  settle: load('job-settle'),
  dead: load('job-dead'),
  redrive: load('job-redrive'),
  counts: load('job-counts'),
};

/** How many jobs one call of a script moves, as the server does nothing else meanwhile. */
const movedAtOnce = 512;

export function redisJobs(lane: Lane, keys: BusKeys, clustered: boolean): JobStore {
  const telling = (queue: string): [string, string, string] => [
    publishing(clustered),
    keys.toQueue(queue),
    queue,
  ];

  /** A script for each of the queues that these are of; what it answers, by where they stood. */
  const forQueues = async <Item extends { readonly queue: string }>(
    what: string,
    script: Script,
    items: readonly Item[],
    describe: (queue: string, items: readonly Item[]) => ScriptCall,
    each: (place: number, answers: readonly unknown[], index: number) => void,
  ): Promise<void> => {
    const groups = byTag(items, ({ queue }) => queue);
    const calls = groups.map(({ tag, items: some }) => describe(tag, some));
    const replies = await lane.runAll(what, script, calls);
    for (const [i, { places }] of groups.entries()) {
      const answers = asList(replies[i]);
      for (const [j, place] of places.entries()) each(place, answers, j);
    }
  };

  const move = async (
    how: 'redrive' | 'discard',
    queue: string,
    { ids, limit }: RedriveOptions,
  ): Promise<number> => {
    const { due, dead, state, bodies } = keys.jobs(queue);
    let moved = 0;
    for (let from = 0; moved < limit; from += movedAtOnce) {
      const some = ids?.slice(from, from + movedAtOnce);
      if (some?.length === 0) break;
      const most = Math.min(limit - moved, movedAtOnce);
      const words = [...telling(queue), how, most, ...(some ?? [])];
      const count = Number(await lane.run(`${how} jobs`, scripts.redrive, [due, dead, state, bodies], words));
      moved += count;
      if (some === undefined && count < most) break;
    }
    return moved;
  };

  return {
    add: (jobs, call) =>
      within(jobs, call, async () => {
        const added: AddedJob[] = [];
        const describe = (queue: string, some: readonly NewJob[]): ScriptCall => {
          const { due, state, bodies, once } = keys.jobs(queue);
          return {
            keys: [due, state, bodies, ...some.flatMap((job) => (job.once ? [once(job.once.key)] : []))],
            words: [...telling(queue), ...some.flatMap(wordsOfNew)],
          };
        };
        await forQueues('add jobs', scripts.add, jobs, describe, (place, answers, i) => {
          added[place] = { id: String(answers[2 * i]), repeated: answers[2 * i + 1] === 1 };
        });
        return added;
      }),

    take: ({ queue, limit, leaseMs, token, maxAttempts }, call) =>
      within([queue], call, async () => {
        const { due, taken, dead, state, bodies, given } = keys.jobs(queue);
        const words = [limit, Math.max(1, Math.ceil(leaseMs)), token, maxAttempts];
        const names = [due, taken, dead, state, bodies, given(token)];
        const reply = asList(await lane.run('take jobs', scripts.take, names, words));
        return rowsOf(reply, 4).map(([id, body, attempt, addedAt]): TakenJob => ({
          id: String(id),
          body: String(body),
          attempt: Number(attempt),
          addedAt: Number(addedAt),
        }));
      }),

    extend: (leases, leaseMs, call) =>
      within(leases, call, async () => {
        const held: boolean[] = [];
        const describe = (queue: string, some: typeof leases): ScriptCall => {
          const { taken, state } = keys.jobs(queue);
          const words = some.flatMap(({ id, token }) => [id, token]);
          return { keys: [taken, state], words: [Math.max(1, Math.ceil(leaseMs)), ...words] };
        };
        await forQueues('extend leases', scripts.extend, leases, describe, (place, answers, i) => {
          held[place] = answers[i] === 1;
        });
        return held;
      }),

    settle: (outcomes, call) =>
      within(outcomes, call, async () => {
        const held: boolean[] = [];
        const describe = (queue: string, some: typeof outcomes): ScriptCall => {
          const { due, taken, dead, state, bodies } = keys.jobs(queue);
          return {
            keys: [due, taken, dead, state, bodies],
            words: [...telling(queue), ...some.flatMap(wordsOfOutcome)],
          };
        };
        await forQueues('settle jobs', scripts.settle, outcomes, describe, (place, answers, i) => {
          held[place] = answers[i] === 1;
        });
        return held;
      }),

    dead: (queue, { after, limit, signal }) =>
      within([queue], { signal }, async () => {
        const { dead, state, bodies } = keys.jobs(queue);
        const words = [after ?? '', limit];
        const reply = asList(await lane.run('read dead jobs', scripts.dead, [dead, state, bodies], words));
        return rowsOf(reply, 5).map(([id, body, attempts, reason, micros]): DeadJob => ({
          id: String(id),
          body: String(body),
          attempts: Number(attempts),
          reason: String(reason),
          at: Math.floor(Number(micros) / 1000),
        }));
      }),

    redrive: async (queue, options) => {
      const [count = 0] = await within([queue], options, async () => [await move('redrive', queue, options)]);
      return count;
    },

    discard: async (queue, options) => {
      const [count = 0] = await within([queue], options, async () => [await move('discard', queue, options)]);
      return count;
    },

    counts: async (queue, call) => {
      const { due, taken, dead } = keys.jobs(queue);
      const [ready = 0, delayed = 0, leased = 0, lost = 0, oldestReadyMs = 0] = await within(
        [queue],
        call,
        async () => asList(await lane.run('count jobs', scripts.counts, [due, taken, dead], [])).map(Number),
      );
      return { ready, delayed, taken: leased, dead: lost, oldestReadyMs };
    },
  };
}

const wordsOfNew = ({ id, body, delayMs, once }: NewJob): Word[] => [
  id,
  body,
  Math.max(0, Math.ceil(delayMs)),
  once === undefined ? '' : Math.max(1, Math.ceil(once.forMs)),
];

function wordsOfOutcome(job: JobOutcome): Word[] {
  const { id, token } = job;
  if (job.outcome === 'done') return [id, token, 'done', ''];
  if (job.outcome === 'dead') return [id, token, 'dead', job.reason];
  const delay = Math.max(0, Math.ceil(job.delayMs));
  return [id, token, job.countsAttempt ? 'again' : 'untried', delay];
}

function rowsOf(values: readonly unknown[], width: number): unknown[][] {
  return Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
}
