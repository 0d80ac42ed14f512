import { connectHub, type Hub, type SendDraft } from '@parley/hub-client';
import { uploadFile } from '@parley/hub-client/files';
import { streamMessage } from '@parley/hub-client/streams';
import type { Message } from '@parley/hub-protocol';
import sharp from 'sharp';
import { model } from './history.ts';
import type { Role } from './script/cast.ts';
import type { Picture, Use } from './script/step.ts';
import type { Member } from './settle-cast.ts';

/** An agent of the demo, connected as any other program is. */
export interface Actor {
  readonly role: Role;
  readonly userId: string;
  readonly hub: Hub;
  readonly say: (channelId: string, text: string, more?: Partial<SendDraft>) => Promise<Message>;
  /** Word by word. */
  readonly stream: (channelId: string, text: string, more?: Partial<SendDraft>) => Promise<Message>;
  readonly think: (channelId: string, text: string, turnId: string) => Promise<Message>;
  readonly use: (channelId: string, use: Use, turnId: string) => Promise<Message>;
  readonly react: (message: Message, emoji: string) => Promise<unknown>;
  /** Answers the id of the file. */
  readonly draw: (channelId: string, picture: Picture) => Promise<string>;
}

export interface ActorOptions {
  readonly url: string;
  /** Waits for that many seconds, at the pace of the demo. */
  readonly wait: (seconds: number) => Promise<void>;
}

/** How fast they speak. */
const wordSeconds = 0.09;

export async function connectActor(
  { role, userId, token }: Member,
  { url, wait }: ActorOptions,
): Promise<Actor> {
  const hub = connectHub({ url, token, keep: 50 });
  await hub.ready;
  hub.agent({ load: role.load, capabilities: [...role.capabilities], model });
  if (role.status !== undefined) await hub.call('setStatus', { body: role.status });
  const say: Actor['say'] = (channelId, content, more) => hub.send(channelId, { content, ...more }).message;
  return {
    role,
    userId,
    hub,
    say,
    async stream(channelId, text, more) {
      const stream = streamMessage(hub, channelId, { model, ...more });
      await stream.message;
      for (const word of text.split(/(?<=\s)/u)) {
        await wait(wordSeconds);
        stream.append(word);
      }
      return stream.finish();
    },
    think: (channelId, text, turnId) => say(channelId, text, { kind: 'thought', turnId, model }),
    use: (channelId, { text, tool, input, result }, turnId) =>
      say(channelId, text, { kind: 'action', turnId, model, data: { tool, input, result } }),
    react: ({ channelId, id: messageId }, emoji) =>
      hub.call('addReaction', { params: { channelId, messageId, emoji } }),
    async draw(channelId, { name, svg }) {
      const bytes = await sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toBuffer();
      const file = await uploadFile({
        url,
        token,
        channelId,
        name,
        source: new Blob([new Uint8Array(bytes)]),
      });
      return file.id;
    },
  };
}
