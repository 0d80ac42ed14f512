import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { uploadFile } from '@parley/hub-client/files';
import { limits, type File } from '@parley/hub-protocol';
import { CliError, usageError } from '../../cli-error.ts';
import { defineCommand } from '../../command.ts';
import { channelCalled, channelWords, shownChannel } from '../../resolve/channel.ts';
import { shownBytes } from './bytes.ts';

export const putFile = defineCommand({
  path: ['file', 'put'],
  summary: 'Uploads files, and sends them to a channel in one message',
  about: [
    'What was interrupted goes on where it was: run the same command again within a day. A file that is there already is not sent again.',
  ],
  args: [
    { name: 'channel', summary: channelWords },
    { name: 'file', many: true, summary: `The paths of up to ${limits.messageFiles} files` },
  ],
  options: {
    text: { type: 'text', summary: 'What the message says' },
    name: { type: 'text', summary: 'What a single file is called, instead of its own name' },
    thread: { type: 'text', value: 'ID', summary: 'As a reply in the thread of this message' },
    'client-id': {
      type: 'text',
      value: 'ID',
      summary: 'Your own name for this message: sent again with the same one, it is there once',
    },
  },
  examples: [
    { line: 'parley file put general plan.pdf', says: 'To a channel' },
    { line: 'parley file put @coder trace.log --text "See the end"', says: 'To somebody alone' },
  ],
  async run({ out, hub, world }, { args, options }) {
    if (args.file.length > limits.messageFiles)
      throw usageError(`a message has at most ${limits.messageFiles} files`);
    if (options.name !== undefined && args.file.length > 1) throw usageError('--name is for a single file');
    const { call, url, token } = await hub();
    const channel = await channelCalled(call, args.channel);
    const files: File[] = [];
    for (const path of args.file) {
      const name = options.name ?? basename(path);
      const sha256 = await digestOf(path);
      const key = createHash('sha256').update(JSON.stringify([channel.id, name, sha256]));
      out.note(`${name}: uploading`);
      files.push(
        await uploadFile({
          url,
          token,
          fetch: world.fetch,
          channelId: channel.id,
          name,
          source: await openAsBlob(path),
          sha256,
          clientId: key.digest('base64url'),
        }),
      );
    }
    const { thread } = options;
    const sent = await call('sendMessage', {
      params: { channelId: channel.id },
      body: {
        content: options.text ?? '',
        clientId: options['client-id'] ?? randomUUID(),
        files: files.map(({ id }) => id),
        ...(thread !== undefined && { threadId: thread }),
      },
    });
    await out.result(sent);
    const all = files.map(({ name, size }) => `${name} (${shownBytes(size)})`).join(', ');
    out.note(`Number ${sent.seq} in ${shownChannel(channel)}: ${all}`);
  },
});

async function digestOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size === 0) throw usageError(`${path} is empty: there is nothing to upload`);
    const hash = createHash('sha256');
    for await (const piece of createReadStream(path)) hash.update(piece);
    return hash.digest('hex');
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError('FILE', `${path} cannot be read`, { cause });
  }
}
