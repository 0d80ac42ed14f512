import { limits } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import type { Context, SignedIn } from '../../context.ts';
import { facts } from '../../facts.ts';
import { Names } from '../../names.ts';
import { channelCalled, shownChannel } from '../../resolve/channel.ts';
import { everything } from '../../resolve/everything.ts';
import { userCalled } from '../../resolve/user.ts';
import { shownTime } from '../../times.ts';
import { whichChannel } from '../channel/shown.ts';

export const createIncoming = defineCommand({
  path: ['webhook', 'in'],
  summary: 'Makes an address by which another program writes to a channel',
  about: [
    'Whoever knows the address may write there, so it is told once. It takes our own shape, and what Slack and Mattermost take: {"text": "..."}.',
  ],
  args: [whichChannel],
  options: {
    name: { type: 'text', summary: 'What it is for. Otherwise webhook' },
    as: { type: 'text', value: 'HANDLE', summary: 'In whose name: an agent of yours. Otherwise your own' },
  },
  examples: [
    { line: 'parley webhook in lab --name "build server" --as coder', says: 'For whatever builds' },
    {
      line: `curl -d '{"text":"Build 42 is green"}' -H 'content-type: application/json' "$(parley webhook in lab)"`,
      says: 'Made and used at once',
    },
  ],
  async run({ out, hub }, { args, options: { name = 'webhook', as } }) {
    const { call, url } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const user = as === undefined ? undefined : await userCalled(call, as);
    const made = await call('createIncomingWebhook', {
      params: { channelId },
      body: { name, ...(user !== undefined && { userId: user.id }) },
    });
    const address = new URL(url.pathname.replace(/\/$/, '') + made.path, url).href;
    await out.result({ ...made, url: address }, address);
  },
});

export const createOutgoing = defineCommand({
  path: ['webhook', 'out'],
  summary: 'Has an address told what happens in a channel, signed, from now on',
  args: [whichChannel, { name: 'url', summary: 'The address, with http or https' }],
  options: {
    name: { type: 'text', summary: 'What it is for. Otherwise webhook' },
    event: {
      type: 'text',
      many: true,
      value: 'TYPE',
      summary: 'What it is told: types of events. Otherwise channel.message and thread.message',
    },
  },
  examples: [
    { line: 'parley webhook out lab https://archive.example.org/parley', says: 'Every message' },
    {
      line: 'parley webhook out lab https://ci.example.org --event channel.reaction.add',
      says: 'Something else',
    },
  ],
  async run({ out, hub }, { args, options: { name = 'webhook', event } }) {
    const { call } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const events = event === undefined ? ['channel.message', 'thread.message'] : [...event];
    const made = await call('createWebhook', {
      params: { channelId },
      body: { name, url: args.url, events },
    });
    await out.result(
      made,
      out.forPeople
        ? facts([
            ['id', made.webhook.id],
            ['signed with', made.secret],
          ])
        : made.secret,
    );
    out.note('The secret is told this once: whoever is told checks the signatures by it.');
  },
});

export const listWebhooks = defineCommand({
  path: ['webhook', 'list'],
  summary: 'Lists the webhooks of a channel, or as administrator of all, in and out',
  args: [{ ...whichChannel, optional: true }],
  options: {},
  examples: [
    { line: 'parley webhook list lab', says: 'Without their secrets' },
    { line: 'parley webhook list', says: 'Everywhere: who may write, and where data goes to' },
  ],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    if (args.channel === undefined) return listAll(out, call);
    const { id: channelId } = await channelCalled(call, args.channel);
    const params = { channelId };
    const { items: incoming } = await call('listIncomingWebhooks', { params });
    const { items: outgoing } = await call('listWebhooks', { params });
    const names = new Names(call);
    const rows: string[][] = [];
    for (const { id, name, userId, createdAt } of out.json ? [] : incoming)
      rows.push([id, 'in', name, `as ${await names.of(userId)}`, shownTime(createdAt)]);
    for (const { id, name, url, createdAt } of outgoing)
      rows.push([id, 'out', name, url, shownTime(createdAt)]);
    await out.result({ incoming, outgoing }, out.table(['id', 'way', 'name', 'where', 'since'], rows));
  },
});

async function listAll(out: Context['out'], call: SignedIn['call']): Promise<void> {
  const all = await everything((cursor) =>
    call('listAllWebhooks', { query: { limit: limits.page, ...cursor } }),
  );
  const names = new Names(call);
  const rows: string[][] = [];
  for (const { id, way, name, channelId, userId, origin, createdAt } of out.json ? [] : all) {
    const where = userId === null ? (origin ?? '') : `as ${await names.of(userId)}`;
    rows.push([id, way, name, where, channelId, shownTime(createdAt)]);
  }
  await out.list(all, ['id', 'way', 'name', 'where', 'channel', 'since'], rows);
}

export const deleteWebhook = defineCommand({
  path: ['webhook', 'delete'],
  summary: 'Ends a webhook of a channel, in or out',
  args: [whichChannel, { name: 'id', summary: 'Its id, as parley webhook list shows it' }],
  options: {},
  examples: [{ line: 'parley webhook delete lab 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a09', says: 'At once' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    const params = { channelId: channel.id, webhookId: args.id };
    const { items } = await call('listIncomingWebhooks', { params: { channelId: channel.id } });
    const isIncoming = items.some(({ id }) => id === args.id);
    await call(isIncoming ? 'deleteIncomingWebhook' : 'deleteWebhook', { params });
    await out.result({ id: args.id, deleted: true });
    out.note(`It is gone from ${shownChannel(channel)}.`);
  },
});
