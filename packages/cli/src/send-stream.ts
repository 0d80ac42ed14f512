import { connectHub } from '@parley/hub-client';
import { streamMessage, type StreamDraft } from '@parley/hub-client/streams';
import type { Message } from '@parley/hub-protocol';
import type { Context, SignedIn } from './context.ts';
import { readParts } from './stdin.ts';
import { watchConnection } from './watch-connection.ts';

/** Sends what comes from standard input as it comes: one message, whose end is that of the input. */
export async function sendStream(
  { out, world }: Pick<Context, 'out' | 'world'>,
  { url, token }: SignedIn,
  channelId: string,
  draft: StreamDraft,
): Promise<Message> {
  const hub = connectHub({ url, token, fetch: world.fetch, subscribe: [] });
  const { over, stop } = watchConnection(hub, out);
  const write = async (): Promise<Message> => {
    const stream = streamMessage(hub, channelId, draft);
    await stream.message;
    // The end of the last line is that of the input, and not of what it says.
    let held = '';
    for await (const part of readParts(world.stdin)) {
      const [text = ''] = /^[^]*?(?=\r?\n?$)/.exec(held + part) ?? [];
      held = (held + part).slice(text.length);
      if (text !== '') stream.append(text);
    }
    return stream.finish();
  };
  try {
    return await Promise.race([write(), over]);
  } finally {
    stop();
    hub.close();
  }
}
