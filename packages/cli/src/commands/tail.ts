import { connectHub } from '@parley/hub-client';
import { limits, type Channel } from '@parley/hub-protocol';
import { usageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import type { Context, SignedIn } from '../context.ts';
import { Names } from '../names.ts';
import { channelCalled, channelWords, shownChannel } from '../resolve/channel.ts';
import { everything } from '../resolve/everything.ts';
import { entryOf, isWanted, type Entry, type Wanted } from '../tail/entry.ts';
import { follow } from '../tail/follow.ts';
import { Follower } from '../tail/follower.ts';
import { Lines } from '../tail/lines.ts';

const usualLast = 10;

export const tail = defineCommand({
  path: ['tail'],
  summary: 'Shows messages, edits and reactions as they come',
  about: [
    'It begins with the last messages and goes on until Ctrl+C. Lost connections are made again, which is said on standard error; what was missed is shown then. No event is shown twice or left out as long as the hub keeps its history.',
    'With --json each line is an event as the protocol tells it, with its number in the log of its channel: the last one that was read is where --since goes on.',
  ],
  args: [
    {
      name: 'channel',
      optional: true,
      many: true,
      summary: `${channelWords}. Without one: every channel that you are in, from now on`,
    },
  ],
  options: {
    last: {
      type: 'number',
      short: 'n',
      value: 'N',
      summary: `How many messages to begin with, instead of ${usualLast}`,
    },
    since: {
      type: 'number',
      value: 'NUMBER',
      summary: 'Begins behind this number of the log, with all that has happened since; 0 is the beginning',
    },
    all: {
      type: 'flag',
      summary: 'Also thoughts and actions of agents, texts as they grow, pins, members and settings',
    },
    presence: {
      type: 'flag',
      summary: 'Also who comes and goes, and how they want to be seen, while it is connected',
    },
    once: { type: 'flag', summary: 'Ends when everything that is there has been shown' },
  },
  examples: [
    { line: 'parley tail general', says: 'The last messages, and what follows' },
    { line: 'parley tail lab plans --last 0', says: 'Two channels, from now on' },
    {
      line: 'parley tail general --since 10 --all --json',
      says: 'Everything behind number 10, for a program',
    },
    { line: 'parley tail general --once --last 100', says: 'Reads, and ends' },
  ],
  async run(context, { args, options }) {
    const { last, since, all = false, once = false, presence = false } = options;
    if (last !== undefined && since !== undefined) throw usageError('--last and --since exclude each other');
    if ((last ?? 0) > limits.page)
      throw usageError(`--last must be at most ${limits.page}`, 'Further back: --since');
    const hub = await context.hub();
    const named: Channel[] = [];
    for (const word of args.channel) named.push(await channelCalled(hub.call, word));
    if (once && named.length === 0) throw usageError('--once needs a channel');
    const shown = await showing(context, hub, named, { all, presence });
    const follower = new Follower({
      show: shown.entry,
      onLost: (channelId) =>
        context.out.say(
          `The history of ${shown.channel(channelId)} is another one now: something may be missing.`,
        ),
      readLog: (channelId, after, epoch) =>
        hub.call('readLog', {
          params: { channelId },
          query: { after, limit: limits.page, ...(epoch !== undefined && { epoch }) },
        }),
    });
    for (const { id, seq } of named)
      if (since === undefined) await showLast(hub, id, last ?? usualLast, follower, shown.entry);
      else {
        follower.begin(id, since, undefined);
        follower.reach(id, seq);
        await follower.settled();
      }
    if (once) return;
    const connected = connectHub({
      url: hub.url,
      token: hub.token,
      fetch: context.world.fetch,
      keep: 100,
      subscribe: named.length === 0 ? 'joined' : named.map(({ id }) => id),
    });
    await follow(context, { call: hub.call, hub: connected, follower, named, presence });
  },
});

interface Showing {
  readonly entry: (entry: Entry) => Promise<void>;
  readonly channel: (channelId: string) => string;
}

async function showing(
  { out }: Context,
  { call }: SignedIn,
  named: readonly Channel[],
  wanted: Wanted,
): Promise<Showing> {
  const names = new Names(call);
  const known = new Map(named.map((channel) => [channel.id, shownChannel(channel)]));
  if (named.length === 0 && !out.json) {
    const query = { joined: true, limit: limits.page };
    for (const channel of await everything((cursor) =>
      call('listChannels', { query: { ...query, ...cursor } }),
    ))
      known.set(channel.id, shownChannel(channel));
  }
  const channel = (id: string): string => known.get(id) ?? id;
  const lines = new Lines({
    names,
    style: out.style,
    forPeople: out.forPeople,
    channel: (id) => (named.length === 1 ? undefined : channel(id)),
  });
  return {
    channel,
    async entry(entry) {
      const { event } = entry;
      if ('channel' in event) known.set(event.channelId, shownChannel(event.channel));
      if (!isWanted(entry, wanted)) return;
      if (out.json) {
        await out.line(entry, '');
        return;
      }
      const text = await lines.of(entry);
      if (text !== undefined) await out.line(entry, text);
    },
  };
}

async function showLast(
  { call }: SignedIn,
  channelId: string,
  last: number,
  follower: Follower,
  show: (entry: Entry) => Promise<void>,
): Promise<void> {
  const page = await call('listMessages', { params: { channelId }, query: { limit: Math.max(1, last) } });
  follower.begin(channelId, page.seq, page.epoch);
  for (const message of last === 0 ? [] : page.items) await show(entryOf(message, page.epoch));
}
