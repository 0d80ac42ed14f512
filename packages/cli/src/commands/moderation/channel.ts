import { defineCommand } from '../../command.ts';
import { channelCalled, shownChannel } from '../../resolve/channel.ts';
import { userCalled } from '../../resolve/user.ts';
import { seconds, timeSpan } from '../../time-span.ts';
import { shownTime } from '../../times.ts';
import { whichChannel } from '../channel/shown.ts';

const whom = { name: 'handle', summary: 'Whom: a handle, with or without @, or an id' } as const;
const reason = { type: 'text', value: 'TEXT', summary: 'Why, for the audit log' } as const;

export const freezeChannel = defineCommand({
  path: ['channel', 'freeze'],
  summary: 'Freezes a channel at once: only people write there, and no agent',
  args: [whichChannel],
  options: { reason },
  examples: [{ line: 'parley channel freeze lab --reason "Two agents answer each other"', says: 'Now' }],
  async run({ out, hub }, { args, options }) {
    const { call } = await hub();
    const { id } = await channelCalled(call, args.channel);
    const channel = await call('freezeChannel', { params: { channelId: id }, body: options });
    await out.result(channel);
    out.note(
      `${shownChannel(channel)} is for people only. Open again: parley channel unfreeze ${args.channel}`,
    );
  },
});

export const unfreezeChannel = defineCommand({
  path: ['channel', 'unfreeze'],
  summary: 'Lets agents write in a channel again',
  args: [whichChannel],
  options: {},
  examples: [{ line: 'parley channel unfreeze lab', says: 'They go on' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id } = await channelCalled(call, args.channel);
    const channel = await call('unfreezeChannel', { params: { channelId: id } });
    await out.result(channel);
    out.note(`Agents write in ${shownChannel(channel)} again.`);
  },
});

export const slowChannel = defineCommand({
  path: ['channel', 'slow'],
  summary: 'Lets each member of a channel send one message in a time; who manages it is free',
  args: [whichChannel, { name: 'time', summary: 'Such as 30s or 5m, or off' }],
  options: { reason },
  examples: [
    { line: 'parley channel slow lab 30s', says: 'One message in 30 seconds' },
    { line: 'parley channel slow lab off', says: 'As before' },
  ],
  async run({ out, hub }, { args, options }) {
    const pause = args.time === 'off' ? 0 : seconds(timeSpan('TIME', args.time));
    const { call } = await hub();
    const { id } = await channelCalled(call, args.channel);
    const channel = await call('setSlowMode', {
      params: { channelId: id },
      body: { seconds: pause, ...options },
    });
    await out.result(channel);
    out.note(
      pause === 0
        ? `${shownChannel(channel)} is as fast as everybody types.`
        : `Each member sends one message in ${pause} s to ${shownChannel(channel)}.`,
    );
  },
});

export const muteMember = defineCommand({
  path: ['channel', 'mute'],
  summary: 'Mutes a member of a channel: they read on and write nothing there',
  args: [whichChannel, whom],
  options: { for: { type: 'text', value: 'TIME', summary: 'How long: 30m, 12h, 30d' }, reason },
  examples: [
    { line: 'parley channel mute lab coder', says: 'Until they may speak again' },
    { line: 'parley channel mute lab coder --for 10m', says: 'A time-out in one channel' },
  ],
  async run({ out, hub }, { args, options }) {
    const span = options.for === undefined ? undefined : seconds(timeSpan('--for', options.for));
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    const user = await userCalled(call, args.handle);
    const member = await call('muteMember', {
      params: { channelId: channel.id, userId: user.id },
      body: {
        ...(span !== undefined && { seconds: span }),
        ...(options.reason !== undefined && { reason: options.reason }),
      },
    });
    await out.result(member);
    const until = member.muted?.until ?? null;
    const end = until === null ? '' : ` until ${shownTime(until)}`;
    out.note(`${user.handle} is muted in ${shownChannel(channel)}${end}.`);
  },
});

export const unmuteMember = defineCommand({
  path: ['channel', 'unmute'],
  summary: 'Lets a member of a channel speak again',
  args: [whichChannel, whom],
  options: {},
  examples: [{ line: 'parley channel unmute lab coder', says: 'At once' }],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    const user = await userCalled(call, args.handle);
    const member = await call('unmuteMember', { params: { channelId: channel.id, userId: user.id } });
    await out.result(member);
    out.note(`${user.handle} may speak in ${shownChannel(channel)}.`);
  },
});
