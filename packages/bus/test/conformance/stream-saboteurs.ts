import type { Appended, NewRecord, StreamPage } from '@parley/bus';
import { lookalike, streams, type Saboteur, type Saboteurs } from './saboteur.ts';

const records = (change: (record: NewRecord, i: number) => NewRecord): Saboteur =>
  streams((good) => ({ append: (some, options) => good.append(some.map(change), options) }));

const replies = (change: (reply: Appended, i: number) => Appended): Saboteur =>
  streams((good) => ({ append: async (some, options) => (await good.append(some, options)).map(change) }));

const pages = (change: (page: StreamPage) => StreamPage): Saboteur =>
  streams((good) => ({ read: async (some, options) => (await good.read(some, options)).map(change) }));

const bodies = (change: (body: string) => string): Saboteur =>
  pages((page) => ({ ...page, records: page.records.map((one) => ({ ...one, body: change(one.body) })) }));

const names = (change: (name: string) => string): Saboteur =>
  streams((good) => ({
    append: (some) => good.append(some.map((one) => ({ ...one, channel: change(one.channel) }))),
    read: (some) => good.read(some.map((one) => ({ ...one, channel: change(one.channel) }))),
  }));

/** One epoch for all logs, whatever becomes of them. */
const sameEpoch = streams((good) => ({
  append: async (some) =>
    (await good.append(some)).map((one) => ({ ...one, position: { ...one.position, epoch: 'same' } })),
  read: async (some) => {
    const now = await good.read(some.map((one) => ({ ...one, limit: 0 })));
    const asked = some.map((one, i) =>
      one.after === undefined
        ? one
        : { ...one, after: { ...one.after, epoch: now[i]?.epoch ?? one.after.epoch } },
    );
    return (await good.read(asked)).map((page) => ({ ...page, epoch: 'same' }));
  },
}));

export const streamSaboteurs: Saboteurs = {
  'offsets count from 1 without holes, and records come back as they were': [
    replies((reply) => ({
      ...reply,
      position: { ...reply.position, offset: reply.position.offset - 1 },
    })),
    pages((page) => ({ ...page, records: page.records.map((one) => ({ ...one, id: '' })) })),
    pages((page) => ({ ...page, records: page.records.map((one) => ({ ...one, at: one.at + 1 })) })),
    bodies((body) => body.toUpperCase()),
  ],
  'each channel counts for itself, also within one call': [
    streams((good) => ({
      append: (some) =>
        good.append(some.toSorted((one, other) => (one.channel < other.channel ? -1 : 1)).toReversed()),
    })),
    names((name) => name.replace(/^t[^:]*/, 't')),
  ],
  'bodies may be any well-formed text without NUL': [
    bodies((body) => body.trim()),
    bodies((body) => body.slice(0, 500_000)),
    bodies((body) => body.replaceAll(/[\u{10000}-\u{10ffff}]/gu, '?')),
  ],
  'names of channels mean nothing': [
    names(lookalike),
    names((name) => name.toLowerCase()),
    names((name) => name.slice(0, 255)),
  ],
  'reading goes on behind a position, up to the limit, which may be 0': [
    streams((good) => ({ read: (some) => good.read(some.map((one) => ({ ...one, limit: 1_000 }))) })),
    streams((good) => ({ read: (some) => good.read(some.map((one) => ({ ...one, after: undefined }))) })),
    streams((good) => ({
      read: (some) => good.read(some.map((one) => ({ ...one, limit: Math.max(1, one.limit) }))),
    })),
    pages((page) => ({ ...page, top: page.records.at(-1)?.offset ?? page.top })),
  ],
  'one call reads many channels, and answers in their order': [
    streams((good) => ({ read: async (some) => (await good.read(some)).toReversed() })),
    streams((good) => ({ read: (some) => good.read(some.slice(0, 256)) })),
  ],
  'a channel without a record has an epoch, which stays when the first one comes': [
    pages((page) => (page.top > 0 ? page : { ...page, epoch: `${Math.random()}` })),
    pages((page) => (page.top > 0 ? page : { ...page, oldest: 0 })),
  ],
  'a position of another epoch reads nothing, and is told the epoch there is': [
    streams((good) => ({
      read: async (some) => {
        const now = await good.read(some.map((one) => ({ ...one, limit: 0 })));
        return good.read(
          some.map((one, i) => ({ ...one, after: { epoch: now[i]?.epoch ?? '', offset: 0 } })),
        );
      },
    })),
  ],
  'two who append at once share the offsets in order': [
    streams((good) => ({
      append: async (some) => {
        const all: Appended[] = [];
        for (const one of some) all.push(...(await good.append([one])));
        return all;
      },
    })),
  ],
  'what may have been appended before is not appended twice': [
    records((record) => ({ ...record, sinceMs: undefined })),
    streams((good) => ({
      append: async (some) => {
        const stood = await good.read(some.map(({ channel }) => ({ channel, after: undefined, limit: 1 })));
        const fresh = await good.append(some.filter(({ sinceMs }) => sinceMs === undefined));
        return some.map((_, i) => {
          const { epoch = '', records: [first] = [] } = stood[i] ?? {};
          const place = { epoch, offset: first?.offset ?? 0 };
          return fresh[i] ?? { position: place, at: first?.at ?? 0, repeated: true };
        });
      },
    })),
  ],
  'of one idempotency key only the first is appended, until its time is over': [
    records((record) => ({ ...record, once: undefined })),
    records((record) =>
      record.once === undefined ? record : { ...record, once: { ...record.once, forMs: 1e9 } },
    ),
    streams((good) => {
      const known = new Map<string, Appended>();
      return {
        append: async (some) => {
          const all: Appended[] = [];
          for (const one of some) {
            const earlier = known.get(one.once?.key ?? '');
            const [reply] = earlier === undefined ? await good.append([one]) : [earlier];
            if (reply === undefined) continue;
            all.push({ ...reply, repeated: earlier !== undefined });
            if (one.once !== undefined) known.set(one.once.key, reply);
          }
          return all;
        },
      };
    }),
  ],
  'of one idempotency key within one call only the first is appended': [
    records(({ once, ...record }, i) => (once !== undefined && i === 0 ? { ...record, once } : record)),
    streams((good) => ({
      append: async (some) => (await good.append(some)).map((one) => ({ ...one, repeated: false })),
    })),
  ],
  'a log keeps as many records as it should, and says from where on': [
    records((record) => ({ ...record, keep: { ...record.keep, count: 1e6 } })),
    records((record) => ({ ...record, keep: { ...record.keep, count: 1 } })),
    pages((page) => ({ ...page, oldest: 1 })),
  ],
  'a log that is dropped begins again in another epoch': [
    streams(() => ({ drop: async () => undefined })),
    sameEpoch,
  ],
  'the wide channels of a topic are listed page by page': [
    records((record) => ({ ...record, wide: true })),
    streams((good) => ({ channels: (topic, page) => good.channels(topic, { ...page, limit: 1_000 }) })),
    streams((good) => ({ channels: (topic, page) => good.channels(topic, { ...page, after: undefined }) })),
    streams((good) => ({
      channels: async (topic, page) =>
        (await good.channels(topic, page)).map((one) => ({
          ...one,
          position: { ...one.position, offset: 1 },
        })),
    })),
    streams((good) => ({
      channels: async (topic, page) => [
        ...(await good.channels(topic, page)),
        ...(await good.channels(`${topic}x`, page)),
      ],
    })),
  ],
};
