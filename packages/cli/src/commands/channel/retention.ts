import { limits } from '@parley/hub-protocol';
import { usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { facts } from '../../facts.ts';
import { channelCalled } from '../../resolve/channel.ts';
import { whichChannel } from './shown.ts';

export const channelRetention = defineCommand({
  path: ['channel', 'retention'],
  summary: 'Shows after how many days messages of a channel are deleted, or says it',
  about: [
    'For administrators. What is deleted does not come back, and nothing of what it said is kept, except in backups. What holds where nothing is said is HUB_RETENTION.',
  ],
  args: [whichChannel, { name: 'days', summary: 'A number of days, or forever, or default', optional: true }],
  options: {},
  examples: [
    { line: 'parley channel retention lab', says: 'What holds' },
    { line: 'parley channel retention lab 90', says: 'What is older than 90 days is deleted' },
    { line: 'parley channel retention lab default', says: 'As everywhere' },
  ],
  async run({ out, hub }, { args }) {
    const given = args.days === undefined ? undefined : daysIn(args.days);
    const { call } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const params = { channelId };
    const rule =
      given === undefined
        ? await call('readRetention', { params })
        : await call('setRetention', { params, body: { days: given } });
    await out.result(
      rule,
      facts([
        ['of this channel', rule.days === null ? 'nothing' : shown(rule.days)],
        ['in force', shown(rule.inForce)],
      ]),
    );
  },
});

const shown = (days: number): string => (days === 0 ? 'kept for ever' : `deleted after ${days} days`);

function daysIn(text: string): number | null {
  if (text === 'default') return null;
  if (text === 'forever') return 0;
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= limits.retentionDays) return days;
  throw usageError(`DAYS must be a number from 1 to ${limits.retentionDays}, or forever, or default`);
}
