import { limits, type Found } from '@parley/hub-protocol';
import { defineCommand } from '../command.ts';
import { Names } from '../names.ts';
import { everything } from '../resolve/everything.ts';
import { shownChannel } from '../resolve/channel.ts';
import { someOf } from '../resolve/some-of.ts';
import { isoTime, shownTime } from '../times.ts';

const usual = 20;

export const search = defineCommand({
  path: ['search'],
  summary: 'Finds messages in what you may read, latest first',
  about: [
    'All parts of a search must be true of a message: words, "words in a row", wor* for words that begin so, and filters: from:HANDLE, in:CHANNEL, in:@HANDLE, before:DAY, after:DAY, has:code, has:file, has:link, has:mention, has:pin, is:thread, is:thought, is:action.',
    'Accents and case make no difference. A day is that of Greenwich; a moment is written as 2026-01-31T09:30Z.',
  ],
  args: [{ name: 'query', many: true, summary: 'What to search for. Several words become one search' }],
  options: {
    limit: { type: 'number', short: 'n', value: 'N', summary: `How many to show, instead of ${usual}` },
  },
  examples: [
    { line: 'parley search deploy failed in:general', says: 'Both words, in one channel' },
    { line: 'parley search \'from:@coder "merge conflict"\'', says: 'Words in a row, of one author' },
    { line: 'parley search has:link after:2026-01-31 --json', says: 'Links of late, for a program' },
  ],
  async run({ out, hub }, { args, options: { limit = usual } }) {
    const { call } = await hub();
    const query = args.query.join(' ');
    const { items, next } = await someOf(
      (page) => call('searchMessages', { query: { query, ...page } }),
      limit,
    );
    if (out.json) return out.result(items);
    const [names, channels] = [new Names(call), new Map<string, string>()];
    if (items.length > 0) {
      for (const archived of [false, true])
        for (const channel of await everything((cursor) =>
          call('listChannels', { query: { limit: limits.page, archived, ...cursor } }),
        ))
          channels.set(channel.id, shownChannel(channel));
    }
    const rowOf = async ({ message, snippet }: Found): Promise<string[]> => [
      out.forPeople ? shownTime(message.timestamp) : isoTime(message.timestamp),
      channels.get(message.channelId) ?? message.channelId,
      await names.of(message.senderId),
      snippet.map(({ text }) => text).join(''),
    ];
    const rows: string[][] = [];
    for (const item of items) rows.push(await rowOf(item));
    await out.list(items, ['sent', 'channel', 'from', 'text'], rows);
    if (items.length === 0 && next === null) out.note('Nothing was found in what you may read');
    else if (items.length < limit && next !== null)
      out.note('Much was looked at, and little found; more words or before:DAY lead further back');
    else if (next !== null)
      out.note(`There are more: --limit shows up to ${limits.page}, before:DAY earlier ones`);
  },
});
