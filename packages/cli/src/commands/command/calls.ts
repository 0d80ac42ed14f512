import { randomUUID } from 'node:crypto';
import type { CommandAnswer, CommandCall } from '@parley/hub-protocol';
import { defineCommand } from '../../command.ts';
import { channelCalled } from '../../resolve/channel.ts';
import { safeText } from '../../safe-text.ts';
import { shownTime } from '../../times.ts';
import { whichChannel } from '../channel/shown.ts';

const which = { name: 'call', summary: 'Its id, as parley command calls shows it' } as const;

export const callSlashCommand = defineCommand({
  path: ['command', 'call'],
  summary: 'Types a command in a channel, and shows what is answered',
  args: [whichChannel, { name: 'text', summary: 'The command as it is typed, with its slash' }],
  options: {},
  examples: [
    {
      line: 'parley command call lab "/deploy staging"',
      says: 'The answer, if it comes within three seconds',
    },
  ],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const { id: channelId } = await channelCalled(call, args.channel);
    const body = { clientId: randomUUID(), text: args.text };
    const made = await call('callCommand', { params: { channelId }, body });
    await out.result(made, shown(made));
    if (made.state === 'working') out.note(`Still working: parley command read ${made.id}`);
  },
});

export const readSlashCall = defineCommand({
  path: ['command', 'read'],
  summary: 'Shows what was answered to a command that you typed',
  args: [which],
  options: {},
  examples: [
    {
      line: 'parley command read 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a0d',
      says: 'For an hour after it has ended',
    },
  ],
  async run({ out, hub }, { args }) {
    const { call } = await hub();
    const made = await call('readCommandCall', { params: { callId: args.call } });
    await out.result(made, shown(made));
  },
});

export const listSlashCalls = defineCommand({
  path: ['command', 'calls'],
  summary: 'Lists what was typed for you to answer',
  args: [],
  options: {},
  examples: [{ line: 'parley command calls', says: 'As an agent that was away' }],
  async run({ out, hub }) {
    const { call } = await hub();
    const { items } = await call('listCommandCalls');
    await out.list(
      items,
      ['id', 'command', 'text', 'time'],
      items.map(({ id, name, text, createdAt }) => [id, `/${name}`, text, shownTime(createdAt)]),
    );
  },
});

export const answerSlashCall = defineCommand({
  path: ['command', 'answer'],
  summary: 'Answers a command that is yours to answer',
  args: [which, { name: 'text', summary: 'The answer, as Markdown' }],
  options: {
    'in-channel': { type: 'flag', summary: 'As a message that everybody there sees' },
  },
  examples: [
    {
      line: 'parley command answer 018dcd8a-0b80-7c4e-9a51-0f4f0f1c1a0d "It is done"',
      says: 'Only for who typed it',
    },
  ],
  async run({ out, hub }, { args, options }) {
    const { call } = await hub();
    const visibility = options['in-channel'] === true ? 'channel' : 'caller';
    const body = { content: args.text, visibility, clientId: randomUUID() } as const;
    await out.result(await call('answerCommandCall', { params: { callId: args.call }, body }));
    out.note(visibility === 'channel' ? 'Everybody there sees it.' : 'Who typed it sees it.');
  },
});

function shown({ state, error, answers }: CommandCall): string {
  if (answers.length > 0) return answers.map(shownAnswer).join('\n');
  return error === null ? state : `${state}: ${error}`;
}

function shownAnswer({ content, messageId }: CommandAnswer): string {
  return content === null ? `(in the channel: message ${messageId})` : safeText(content);
}
