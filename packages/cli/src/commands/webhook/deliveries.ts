import { limits } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { channelCalled } from '../../resolve/channel.ts';
import { shownTime } from '../../times.ts';
import { whichChannel } from '../channel/shown.ts';

const which = { name: 'id', summary: 'The id of the webhook, as parley webhook list shows it' } as const;

export const listDeliveries = defineCommand({
  path: ['webhook', 'log'],
  summary: 'Lists what an address was told lately, and what became of it',
  args: [whichChannel, which],
  options: {},
  examples: [
    { line: 'parley webhook log lab 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a09', says: 'The latest first' },
  ],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const { items } = await call('listDeliveries', {
      params: { channelId, webhookId: args.id },
      query: { limit: limits.page },
    });
    await out.list(
      items,
      ['id', 'event', 'seq', 'state', 'tried', 'because', 'time'],
      items.map(({ id, type, seq, state, attempts, error, createdAt }) => [
        id,
        type,
        String(seq),
        state,
        String(attempts),
        error ?? '',
        shownTime(createdAt),
      ]),
    );
  },
});

export const redeliver = defineCommand({
  path: ['webhook', 'redeliver'],
  summary: 'Tells an address something once more',
  args: [whichChannel, which, { name: 'delivery', summary: 'Its id, as parley webhook log shows it' }],
  options: {},
  examples: [
    {
      line: 'parley webhook redeliver lab 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a09 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a0a',
      says: 'After the other side was mended',
    },
  ],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const params = { channelId, webhookId: args.id, deliveryId: args.delivery };
    await out.result(await call('redeliver', { params }));
    out.note('It is on its way.');
  },
});
