import type { JobOutcome, NewRecord } from '@parley/bus';
import { jobs, streams, type Saboteur, type Saboteurs } from './saboteur.ts';

const records = (change: (record: NewRecord) => NewRecord): Saboteur =>
  streams((good) => ({ append: (some, options) => good.append(some.map(change), options) }));

const settled = (change: (outcome: JobOutcome) => JobOutcome): Saboteur =>
  jobs((good) => ({ settle: (outcomes) => good.settle(outcomes.map(change)) }));

/** In the order in which nobody gave them. */
const turned = streams((good) => ({
  append: async (some, options) => (await good.append(some.toReversed(), options)).toReversed(),
}));

/** Each a second time, under another name. */
const doubled = streams((good) => ({
  append: async (some, options) => {
    const replies = await good.append(some, options);
    await good.append(some.map((record) => ({ ...record, id: `${record.id}x` })));
    return replies;
  },
}));

const anonymous = records((record) => ({ ...record, body: record.body.replace(/"s":"[^"]*"/, '"s":"x"') }));

const deaf: Saboteur = (good) => ({ ...good, send: async () => undefined });

const echoing: Saboteur = (good) => ({ ...good, send: (some) => good.send([...some, ...some]) });

/** A bus must not be able to make up for these. */
export const busSaboteurs: Saboteurs = {
  'what one process publishes, another one handles: all of it, once, in order': [turned, doubled],
  'a subscription goes on behind a position, or begins with the oldest that is kept': [
    streams((good) => ({ read: (some) => good.read(some.map((one) => ({ ...one, after: undefined }))) })),
  ],
  'a subscription by pattern takes the channels that match, old and new ones': [
    records((record) => ({ ...record, wide: false })),
    streams(() => ({ channels: async () => [] })),
  ],
  'who follows a channel and its topic is told of each message once by each subscription, however it was said':
    [doubled],
  'ephemeral messages reach those who listen, and nobody later': [deaf, echoing],
  'a subscription may leave out what its own bus has published': [anonymous],
  'publications of one idempotency key are one message': [
    records((record) => ({ ...record, once: undefined })),
  ],
  'history is read page by page, and tells where it stands and what is missing': [
    streams((good) => ({
      read: async (some) =>
        (await good.read(some)).map((page) => ({ ...page, records: page.records.slice(1) })),
    })),
  ],
  'a subscription behind the oldest record that is kept is told of the gap, and goes on': [
    streams((good) => ({
      read: async (some) => (await good.read(some)).map((page) => ({ ...page, oldest: 1 })),
    })),
    records((record) => ({ ...record, keep: { ...record.keep, count: 1e6 } })),
  ],
  'a log that is lost is told as a gap, and what comes after it arrives': [
    streams(() => ({ drop: async () => undefined })),
  ],
  'jobs are done by workers of both processes, each by one, and tried again when they fail': [
    settled((one) =>
      one.outcome === 'again' ? { queue: one.queue, id: one.id, token: one.token, outcome: 'done' } : one,
    ),
  ],
  'jobs that fail too often are kept as dead ones, and done when they are redriven': [
    settled((one) =>
      one.outcome === 'dead' ? { queue: one.queue, id: one.id, token: one.token, outcome: 'done' } : one,
    ),
    jobs(() => ({ redrive: async () => 1 })),
  ],
  'each group of workers gets every job': [
    jobs((good) => ({
      add: (some) => good.add(some.map((one) => ({ ...one, queue: one.queue.replace(/:index$/, ':mail') }))),
    })),
  ],
  'a request is answered by one of those who respond, or by all of them': [deaf],
};
