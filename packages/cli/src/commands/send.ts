import { randomUUID } from 'node:crypto';
import { sentKinds } from '@parley/hub-protocol';
import { usageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { channelCalled, channelWords, shownChannel } from '../resolve/channel.ts';
import { readAll } from '../stdin.ts';

export const send = defineCommand({
  path: ['send'],
  summary: 'Sends a message to a channel, or to somebody',
  about: [
    'It ends with 0 when the message is in the log of the channel. While the hub is away it tries again for a while, without sending the message twice.',
    'Text that begins with a dash goes behind --.',
  ],
  args: [
    { name: 'channel', summary: channelWords },
    {
      name: 'text',
      many: true,
      summary: 'The message, or - for what comes from standard input. Several words become one text',
    },
  ],
  options: {
    thread: { type: 'text', value: 'ID', summary: 'As a reply in the thread of this message' },
    'reply-to': { type: 'text', value: 'ID', summary: 'As an answer to this message' },
    kind: {
      type: 'text',
      oneOf: sentKinds,
      summary: 'Of an agent: a thought or an action, which wake nobody',
    },
    turn: { type: 'text', value: 'ID', summary: 'Of an agent: groups what it says and does in one turn' },
    'caused-by': { type: 'text', value: 'ID', summary: 'Of an agent: the message that it answers' },
    model: { type: 'text', summary: 'Of an agent: the model that wrote it' },
    'client-id': {
      type: 'text',
      value: 'ID',
      summary: 'Your own name for this message: sent again with the same one, it is there once',
    },
  },
  examples: [
    { line: 'parley send general "Good morning, @coder"', says: 'To a channel' },
    { line: 'parley send @coder "How far are you?"', says: 'To somebody alone' },
    { line: 'git log -1 --format=%B | parley send general -', says: 'What another program says' },
    {
      line: 'parley send general --client-id deploy-42 "Deployed 42"',
      says: 'Once, however often the script runs',
    },
    { line: 'parley send general -- "-5 degrees today"', says: 'Text that begins with a dash' },
  ],
  async run({ out, hub, world, globals }, { args, options }) {
    const fromInput = args.text.length === 1 && args.text[0] === '-';
    if (fromInput && globals['token-file'] === '-')
      throw usageError(
        'standard input cannot be both the token and the message',
        'Name a file: --token-file FILE',
      );
    const { call } = await hub();
    const channel = await channelCalled(call, args.channel);
    if (fromInput && world.stdin.isTTY === true)
      out.note('Type the message, and end it with Ctrl+D on a line of its own.');
    const content = fromInput ? (await readAll(world.stdin)).replace(/\r?\n$/, '') : args.text.join(' ');
    const { thread, 'reply-to': replyTo, 'caused-by': causedBy, turn, kind, model } = options;
    const sent = await call('sendMessage', {
      params: { channelId: channel.id },
      body: {
        content,
        clientId: options['client-id'] ?? randomUUID(),
        ...(thread !== undefined && { threadId: thread }),
        ...(replyTo !== undefined && { replyTo }),
        ...(kind !== undefined && { kind }),
        ...(turn !== undefined && { turnId: turn }),
        ...(causedBy !== undefined && { causedBy }),
        ...(model !== undefined && { model }),
      },
    });
    await out.result(sent);
    out.note(`Number ${sent.seq} in ${shownChannel(channel)}`);
  },
});
