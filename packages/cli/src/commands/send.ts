import { randomUUID } from 'node:crypto';
import { sentKinds, type Message } from '@parley/hub-protocol';
import { usageError } from '../cli-error.ts';
import { defineCommand } from '../command.ts';
import { channelCalled, channelWords, shownChannel } from '../resolve/channel.ts';
import { readObject } from '../json-option.ts';
import { sendStream } from '../send-stream.ts';
import { readAll } from '../stdin.ts';

export const send = defineCommand({
  path: ['send'],
  summary: 'Sends a message to a channel, or to somebody',
  about: [
    'It ends with 0 when the message is in the log of the channel. While the hub is away it tries again for a while, without sending the message twice.',
    'Text that begins with a dash goes behind --.',
    'With --stream others see the text grow as it comes. It ends with the input; if the program dies before that, the hub ends it with what was heard.',
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
    data: {
      type: 'text',
      value: 'JSON',
      summary: 'Details for programs, an object: of an action, its tool and arguments',
    },
    stream: { type: 'flag', summary: 'Shows the text as it comes from standard input; the text is -' },
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
    {
      line: 'parley send lab --kind action --turn run-42 --data \'{"tool":"ls"}\' "Looked around"',
      says: 'What an agent does, in a turn',
    },
    { line: 'my-agent | parley send lab --stream --turn run-42 -', says: 'An answer that grows' },
    { line: 'parley send general -- "-5 degrees today"', says: 'Text that begins with a dash' },
  ],
  async run({ out, hub, world, globals }, { args, options }) {
    const fromInput = args.text.length === 1 && args.text[0] === '-';
    if (fromInput && globals['token-file'] === '-')
      throw usageError(
        'standard input cannot be both the token and the message',
        'Name a file: --token-file FILE',
      );
    if (options.stream === true && !fromInput)
      throw usageError('--stream takes its text from standard input', 'parley send CHANNEL --stream -');
    const data = options.data === undefined ? undefined : readObject('data', options.data);
    const signedIn = await hub();
    const { call } = signedIn;
    const channel = await channelCalled(call, args.channel);
    if (fromInput && world.stdin.isTTY === true)
      out.note('Type the message, and end it with Ctrl+D on a line of its own.');
    const { thread, 'reply-to': replyTo, 'caused-by': causedBy, turn, kind, model } = options;
    const draft = {
      clientId: options['client-id'] ?? randomUUID(),
      ...(thread !== undefined && { threadId: thread }),
      ...(replyTo !== undefined && { replyTo }),
      ...(kind !== undefined && { kind }),
      ...(turn !== undefined && { turnId: turn }),
      ...(causedBy !== undefined && { causedBy }),
      ...(model !== undefined && { model }),
      ...(data !== undefined && { data }),
    };
    const params = { channelId: channel.id };
    const send = async (): Promise<{ message: Message; seq: number }> => {
      const content = fromInput ? (await readAll(world.stdin)).replace(/\r?\n$/, '') : args.text.join(' ');
      return call('sendMessage', { params, body: { ...draft, content } });
    };
    const stream = async (): Promise<{ message: Message; seq: number }> => {
      const message = await sendStream({ out, world }, signedIn, channel.id, draft);
      return { message, seq: message.seq };
    };
    const sent = await (options.stream === true ? stream() : send());
    await out.result(sent);
    out.note(`Number ${sent.message.seq} in ${shownChannel(channel)}`);
  },
});
