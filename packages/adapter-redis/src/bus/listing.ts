import type { ChannelPosition } from '@parley/bus';
import { asList, type Command, type Lane } from '../lane.ts';
import { loadScript } from '../script.ts';
import { byTag } from './by-tag.ts';
import type { BusKeys } from './keys.ts';

const positions = loadScript('bus/history', 'bus/log', 'bus/positions');

interface Listed {
  readonly tag: string;
  readonly name: string;
  readonly bytes: Buffer;
}

/** The channels of a topic by the bytes of their names; those that are gone are taken off the directories on the way. */
export async function listChannels(
  lane: Lane,
  keys: BusKeys,
  topic: string,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<ChannelPosition[]> {
  const found: ChannelPosition[] = [];
  let from = after;
  while (found.length < limit) {
    const names = await nextNames(lane, keys, topic, from, limit);
    found.push(...(await standing(lane, keys, topic, names)));
    if (names.length < limit) break;
    from = names.at(-1)?.name;
  }
  return found.slice(0, limit);
}

/** Of all partitions, the first by name. */
async function nextNames(
  lane: Lane,
  keys: BusKeys,
  topic: string,
  after: string | undefined,
  limit: number,
): Promise<Listed[]> {
  const lists = await lane.all(
    'list channels',
    keys.tags.map((tag): Command => {
      const from = after === undefined ? '-' : `(${after}`;
      return ['zrange', keys.topic(tag, topic), from, '+', 'BYLEX', 'LIMIT', 0, limit];
    }),
  );
  const all = keys.tags.flatMap((tag, i) =>
    asList(lists[i]).map((name): Listed => {
      const bytes = Buffer.isBuffer(name) ? name : Buffer.from(String(name));
      return { tag, name: bytes.toString(), bytes };
    }),
  );
  return all.toSorted((one, other) => one.bytes.compare(other.bytes)).slice(0, limit);
}

async function standing(
  lane: Lane,
  keys: BusKeys,
  topic: string,
  names: readonly Listed[],
): Promise<ChannelPosition[]> {
  const groups = byTag(names, ({ tag }) => tag);
  const replies = await lane.runAll(
    'list channels',
    positions,
    groups.map(({ tag, items }) => ({
      keys: [keys.topic(tag, topic), ...items.map(({ name }) => keys.head(tag, name))],
      words: items.map(({ name }) => name),
    })),
  );
  const stand: (ChannelPosition | undefined)[] = names.map(() => undefined);
  for (const [i, { items, places }] of groups.entries()) {
    for (const [j, reply] of asList(replies[i]).entries()) {
      const { name: channel } = items[j] ?? {};
      if (reply === null || channel === undefined) continue;
      const [epoch, offset] = asList(reply);
      stand[places[j] ?? 0] = { channel, position: { epoch: String(epoch), offset: Number(offset) } };
    }
  }
  return stand.filter((one) => one !== undefined);
}
