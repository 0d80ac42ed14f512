import { limits } from '@parley/hub-protocol';
import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { Names } from '../../names.ts';
import { channelCalled } from '../../resolve/channel.ts';
import { userCalled } from '../../resolve/user.ts';
import { shownTime } from '../../times.ts';

export const listAudit = defineCommand({
  path: ['audit', 'list'],
  summary: 'Lists what was done lately that somebody may have to answer for',
  args: [],
  options: {
    action: { type: 'text', value: 'ACTION', summary: 'Only this, such as token.create' },
    by: { type: 'text', value: 'HANDLE', summary: 'Only what this user did' },
    to: { type: 'text', value: 'HANDLE', summary: 'Only what was done to this user' },
    in: { type: 'text', value: 'CHANNEL', summary: 'Only in this channel' },
    last: { type: 'number', short: 'n', value: 'COUNT', summary: 'How many, at most 200. Otherwise 50' },
  },
  examples: [
    { line: 'parley audit list', says: 'The latest first' },
    { line: 'parley audit list --action session.refuse --last 200', says: 'Who tried to come in' },
    { line: 'parley audit list --to coder --json', says: 'What was done to somebody, for a program' },
  ],
  async run({ out, hub }, { options: { action, by, to, in: where, last = limits.pageDefault } }) {
    if (last < 1 || last > limits.page) throw usageError(`--last must be 1 to ${limits.page}`);
    const { call } = await hub();
    const { items } = await call('listAudit', {
      query: {
        limit: last,
        ...(action !== undefined && { action }),
        ...(by !== undefined && { actorId: (await userCalled(call, by)).id }),
        ...(to !== undefined && { subjectId: (await userCalled(call, to)).id }),
        ...(where !== undefined && { channelId: (await channelCalled(call, where)).id }),
      },
    });
    const names = new Names(call);
    const rows: string[][] = [];
    for (const { seq, entry } of out.json ? [] : items) {
      if (entry === null) continue;
      const { at, action: done, actorId, subjectId, address, details } = entry;
      const who = actorId === null ? (address ?? '-') : await names.of(actorId);
      const said = Object.keys(details).length === 0 ? '' : JSON.stringify(details);
      rows.push([shownTime(at), who, done, subjectId ?? '', said, seq === null ? '-' : String(seq)]);
    }
    await out.list(items, ['time', 'by', 'did', 'to', 'details', 'seal'], rows);
  },
});
