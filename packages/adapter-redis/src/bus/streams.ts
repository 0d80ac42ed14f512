import type {
  Appended,
  ChannelPosition,
  Position,
  ReadRequest,
  StoredRecord,
  StreamPage,
  StreamStore,
} from '@parley/bus';
import { asList, type Lane } from '../lane.ts';
import { loadScript } from '../script.ts';
import { within } from '../within.ts';
import { appendCalls, publishing, readAppended, type AppendOptions, type ChannelBatch } from './append.ts';
import { byTag } from './by-tag.ts';
import { topicOf } from './keys.ts';
import { listChannels } from './listing.ts';
import { splitRecord } from './words.ts';

const scripts = {
  append: loadScript('bus/history', 'bus/log', 'bus/append'),
  read: loadScript('bus/history', 'bus/log', 'bus/read'),
  drop: loadScript('bus/history', 'bus/log', 'bus/drop'),
};

export interface StreamsOptions extends AppendOptions {
  readonly reads: Lane;
  readonly changes: Lane;
  /** Of this process. */
  readonly feeds: Iterable<OwnFeed>;
}

/** What is longer is read by those who have room for it. */
const toldLength = 16 * 1024;

/** Who is told at once what this process appends. */
export interface OwnFeed {
  readonly awaits: (channel: string, epoch: string, offset: number) => boolean;
  readonly heard: (channel: string, epoch: string, records: readonly StoredRecord[]) => void;
}

export function redisStreams(options: StreamsOptions): StreamStore {
  const { reads, changes, keys, clustered, nonce, feeds } = options;
  return {
    // It is sent at once, so that there is nothing to give up: the signal stays unread.
    append: async (records) => {
      if (records.length === 0) return [];
      const calls = appendCalls(records, options);
      const replies = await changes.runAll('append', scripts.append, calls);
      const appended: Appended[] = [];
      for (const [i, call] of calls.entries()) {
        readAppended(call, replies[i], appended);
        for (const batch of call.batches) for (const feed of feeds) tellOwn(feed, batch, appended);
      }
      return appended;
    },

    read: (requests, call) =>
      within(requests, call, async () => {
        const groups = byTag(requests, ({ channel }) => keys.tagOf(channel));
        const replies = await reads.runAll(
          'read a log',
          scripts.read,
          groups.map(({ tag, items }) => ({
            keys: items.flatMap(({ channel }) => [keys.head(tag, channel), keys.log(tag, channel)]),
            words: [nonce, ...items.flatMap(wordsOf)],
          })),
        );
        const pages: StreamPage[] = [];
        for (const [i, { places }] of groups.entries()) {
          const answers = asList(replies[i]);
          for (const [j, place] of places.entries()) pages[place] = readPage(answers[j]);
        }
        return pages;
      }),

    channels: (topic, { after, limit, signal }): Promise<readonly ChannelPosition[]> =>
      within([topic], { signal }, () => listChannels(reads, keys, topic, { after, limit })),

    drop: async (channels, call) => {
      await within(channels, call, () =>
        changes.runAll(
          'drop a log',
          scripts.drop,
          byTag(channels, keys.tagOf).map(({ tag, items }) => ({
            keys: items.flatMap((channel) => [
              keys.head(tag, channel),
              keys.log(tag, channel),
              keys.topic(tag, topicOf(channel)),
            ]),
            words: [
              publishing(clustered),
              nonce,
              ...items.flatMap((channel) => [
                channel,
                keys.toChannel(tag, channel),
                keys.toTopic(tag, topicOf(channel)),
              ]),
            ],
          })),
        ),
      );
    },
  };
}

/** Only what follows on what was told last: whatever is between them comes from the server, and all of it again. */
function tellOwn(feed: OwnFeed, batch: ChannelBatch, appended: readonly Appended[]): void {
  const { channel, places, records, length } = batch;
  const { epoch = '', offset = 0 } = appended[places[0] ?? 0]?.position ?? {};
  if (length > toldLength || !feed.awaits(channel, epoch, offset)) return;
  const told: StoredRecord[] = [];
  for (const [i, { id, body }] of records.entries()) {
    const { at = 0, repeated, position } = appended[places[i] ?? 0] ?? {};
    if (repeated === true || position?.offset !== offset + i) return;
    told.push({ offset: offset + i, at, id, body });
  }
  feed.heard(channel, epoch, told);
}

const wordsOf = ({ after, limit }: ReadRequest): [string, number, number] => [
  after?.epoch ?? '',
  after?.offset ?? 0,
  limit,
];

function readPage(answer: unknown): StreamPage {
  const [epoch, top, oldest, lineage, ...entries] = asList(answer);
  const records: StoredRecord[] = [];
  for (let i = 0; i < entries.length; i += 2) {
    // The id in the stream is the offset and the time.
    const [offset, at] = String(entries[i]).split('-').map(Number);
    records.push({ offset: offset ?? 0, at: at ?? 0, ...splitRecord(String(entries[i + 1])) });
  }
  return {
    epoch: String(epoch),
    top: Number(top),
    oldest: Number(oldest),
    lineage: readLineage(String(lineage)),
    records,
  };
}

function readLineage(text: string): Position[] {
  if (text === '') return [];
  return text.split(',').map((part) => {
    const [epoch = '', offset] = part.split(' ');
    return { epoch, offset: Number(offset) };
  });
}
