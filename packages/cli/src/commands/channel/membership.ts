import { limits, roles } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { channelCalled, shownChannel } from '../../resolve/channel.ts';
import { everything } from '../../resolve/everything.ts';
import { userCalled } from '../../resolve/user.ts';
import { shownTime } from '../../times.ts';
import { whichChannel } from './shown.ts';

const whom = { name: 'handle', summary: 'Whom: a handle, with or without @, or an id' } as const;

export const joinChannel = defineCommand({
  path: ['channel', 'join'],
  summary: 'Joins a public channel',
  args: [whichChannel],
  options: {},
  examples: [{ line: 'parley channel join lab', says: 'From now on parley tail follows it, too' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    const member = await call('joinChannel', { params: { channelId: channel.id } });
    await out.result(member);
    out.note(`You are in ${shownChannel(channel)}.`);
  },
});

export const leaveChannel = defineCommand({
  path: ['channel', 'leave'],
  summary: 'Leaves a channel',
  args: [whichChannel],
  options: {},
  examples: [{ line: 'parley channel leave lab', says: 'What you wrote stays' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    await call('leaveChannel', { params: { channelId: channel.id } });
    await out.result({ id: channel.id, left: true });
    out.note(`You left ${shownChannel(channel)}.`);
  },
});

export const listMembers = defineCommand({
  path: ['channel', 'members'],
  summary: 'Lists who is in a channel',
  args: [whichChannel],
  options: {},
  examples: [{ line: 'parley channel members lab', says: 'With their roles in it' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id } = await channelCalled(call, args.channel);
    const params = { channelId: id };
    const page = { limit: limits.page };
    const members = await everything((cursor) =>
      call('listMembers', { params, query: { ...page, ...cursor } }),
    );
    const users = out.json
      ? []
      : await everything((cursor) => call('listUsers', { query: { ...page, ...cursor } }));
    const handles = new Map(users.map((user) => [user.id, user.handle]));
    await out.list(
      members,
      ['handle', 'role', 'since'],
      members.map(({ userId, role, joinedAt }) => [handles.get(userId) ?? userId, role, shownTime(joinedAt)]),
    );
  },
});

export const addMember = defineCommand({
  path: ['channel', 'add'],
  summary: 'Takes somebody into a channel, or changes their role in it',
  args: [whichChannel, whom],
  options: {
    role: { type: 'text', oneOf: roles, summary: 'What they may do in the channel. Otherwise member' },
  },
  examples: [
    { line: 'parley channel add lab coder', says: 'Somebody new' },
    { line: 'parley channel add lab ann --role admin', says: 'Somebody who manages it with you' },
  ],
  async run({ out, hub }, { args, options }) {
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    const user = await userCalled(call, args.handle);
    const member = await call('putMember', {
      params: { channelId: channel.id, userId: user.id },
      body: options,
    });
    await out.result(member);
    out.note(`${user.handle} is ${member.role} of ${shownChannel(channel)}.`);
  },
});

export const removeMember = defineCommand({
  path: ['channel', 'remove'],
  summary: 'Removes somebody from a channel: its history is closed to them at once',
  args: [whichChannel, whom],
  options: {},
  examples: [{ line: 'parley channel remove lab coder', says: 'What they wrote stays' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    const user = await userCalled(call, args.handle);
    await call('deleteMember', { params: { channelId: channel.id, userId: user.id } });
    await out.result({ channelId: channel.id, userId: user.id, removed: true });
    out.note(`${user.handle} is not in ${shownChannel(channel)} any more.`);
  },
});
