import { notFound } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { facts } from '../../facts.ts';
import { Names } from '../../names.ts';
import { channelCalled, shownChannel } from '../../resolve/channel.ts';
import { userCalled } from '../../resolve/user.ts';
import { whichChannel } from '../channel/shown.ts';

export const createSlashCommand = defineCommand({
  path: ['command', 'create'],
  summary: 'Makes a command that may be typed in a channel',
  about: [
    'With --to it is posted there, signed; without one it is for the agent to answer that makes it, over its connection.',
  ],
  args: [whichChannel, { name: 'name', summary: 'What stands behind the slash' }],
  options: {
    to: { type: 'text', value: 'URL', summary: 'Where it is posted to, with http or https' },
    about: { type: 'text', summary: 'What it does, for those who type it' },
    as: { type: 'text', value: 'HANDLE', summary: 'In whose name it answers: an agent of yours' },
  },
  examples: [
    {
      line: 'parley command create lab deploy --to https://ci.example.org/parley --about "Brings main to a place"',
      says: 'For who manages the channel',
    },
  ],
  async run({ out, hub }, { args, options: { to, about, as } }) {
    const { call } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const user = as === undefined ? undefined : await userCalled(call, as);
    const body = {
      name: args.name.replace(/^\//, ''),
      ...(about !== undefined && { description: about }),
      ...(to !== undefined && { url: to }),
      ...(user !== undefined && { userId: user.id }),
    };
    const made = await call('createCommand', { params: { channelId }, body });
    const { command, secret } = made;
    const rows = [
      ['id', command.id],
      ['signed with', secret],
    ] as const;
    await out.result(made, out.forPeople ? facts(rows) : (secret ?? command.id));
    if (secret !== undefined)
      out.note('The secret is told this once: whoever is asked checks the signatures by it.');
  },
});

export const listSlashCommands = defineCommand({
  path: ['command', 'list'],
  summary: 'Lists what may be typed in a channel',
  args: [whichChannel],
  options: {},
  examples: [{ line: 'parley command list lab', says: 'With who answers' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const { items } = await call('listCommands', { params: { channelId } });
    const names = new Names(call);
    const rows: string[][] = [];
    for (const { id, name, description, userId, origin } of out.json ? [] : items)
      rows.push([`/${name}`, description, await names.of(userId), origin ?? '', id]);
    await out.list(items, ['command', 'about', 'answered by', 'at', 'id'], rows);
  },
});

export const deleteSlashCommand = defineCommand({
  path: ['command', 'delete'],
  summary: 'Ends a command of a channel',
  args: [whichChannel, { name: 'name', summary: 'What stands behind the slash' }],
  options: {},
  examples: [{ line: 'parley command delete lab deploy', says: 'At once' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    const params = { channelId: channel.id };
    const name = args.name.replace(/^\//, '');
    const { items } = await call('listCommands', { params });
    const id = items.find((command) => command.name === name)?.id;
    if (id === undefined)
      throw notFound(`${shownChannel(channel)} has no command /${name}`, 'parley command list shows them');
    await call('deleteCommand', { params: { ...params, commandId: id } });
    await out.result({ id, deleted: true });
    out.note(`It is gone from ${shownChannel(channel)}.`);
  },
});
