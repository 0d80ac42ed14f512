import { HubError, type ClientFrame, type ClientFrameOf, type ServerFrameOf } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Done, Draft } from '../chat/chat.ts';
import type { Following } from './following.ts';
import type { Participation } from './participation.ts';
import type { SocketChat } from './services.ts';

/** What the frames of one connection act on. */
export interface FrameContext {
  readonly caller: Caller;
  readonly chat: SocketChat;
  readonly participation: Pick<Participation, 'following' | 'attendance'>;
  readonly epoch: string;
  readonly listen: (topic: string) => void;
  readonly unlisten: (topic: string) => void;
  readonly pong: () => void;
}

export type Answer = Omit<ServerFrameOf<'ack'>, 'type' | 'ref'>;

export type SendFrame = ClientFrameOf<'send'>;

/** Sends the messages of several frames to one channel; answers each by itself. */
export async function runSends(
  channelId: string,
  frames: readonly SendFrame[],
  { caller, chat }: Pick<FrameContext, 'caller' | 'chat'>,
  signal: AbortSignal,
): Promise<(Answer | { readonly error: unknown })[]> {
  const drafts = frames.map(draftOf);
  const sent = await chat.messages.sendAll(caller, channelId, drafts, { signal });
  return sent.map((one) => {
    if ('error' in one) return one;
    const { id: messageId, seq } = one.message;
    return { channelId, messageId, seq, message: one.message };
  });
}

function draftOf(frame: SendFrame): Draft {
  const { type: _, ref: __, channelId: ___, ...draft } = frame;
  return draft;
}

/** Does what a frame asks for; what it answers goes into the `ack`. */
export async function runFrame(
  frame: Exclude<ClientFrame, SendFrame>,
  context: FrameContext,
  signal: AbortSignal,
): Promise<Answer> {
  const { caller, chat } = context;
  const { following, attendance } = context.participation;
  const { messages } = chat;
  const call = { signal };
  switch (frame.type) {
    case 'hello':
      throw new HubError('INVALID', 'type must not be hello a second time', { field: 'type' });
    case 'subscribe':
      await following.follow(frame.channelId, startOf(frame, context.epoch));
      return { channelId: frame.channelId };
    case 'unsubscribe':
      following.unfollow(frame.channelId);
      return { channelId: frame.channelId };
    case 'append':
      await messages.append(caller, frame.messageId, frame.offset, frame.text, call);
      return { channelId: frame.channelId, messageId: frame.messageId };
    case 'finish': {
      const { content, model, data } = frame;
      const { message, seq } = await messages.finish(caller, frame.messageId, { content, model, data }, call);
      return { channelId: message.channelId, messageId: message.id, seq, message };
    }
    case 'edit': {
      const { message, seq } = await messages.edit(caller, frame.messageId, frame.content, call);
      return { channelId: message.channelId, messageId: message.id, seq, message };
    }
    case 'delete':
      return done(await messages.delete(caller, frame.messageId, call));
    case 'react':
    case 'unreact':
      return done(await messages.react(caller, frame.messageId, frame.emoji, frame.type === 'react', call));
    case 'pin':
    case 'unpin':
      return done(await messages.pin(caller, frame.messageId, frame.type === 'pin', call));
    case 'read':
      await chat.readings.mark(caller, frame.channelId, frame.seq, call);
      return { channelId: frame.channelId };
    case 'typing':
      await messages.mayType(caller, frame.channelId, call);
      attendance.types(frame);
      break;
    case 'presence':
      attendance.seem(frame);
      break;
    case 'agent':
      attendance.say(frame);
      break;
    case 'watch':
      await attendance.watch(frame.channelId);
      return { channelId: frame.channelId };
    case 'unwatch':
      attendance.unwatch(frame.channelId);
      return { channelId: frame.channelId };
    case 'watch_agents':
      await attendance.watchAgents();
      break;
    case 'unwatch_agents':
      attendance.unwatchAgents();
      break;
    case 'listen':
      context.listen(frame.topic);
      break;
    case 'unlisten':
      context.unlisten(frame.topic);
      break;
    case 'ping':
      context.pong();
      break;
  }
  return {};
}

/** A number without an epoch is of the one that this connection was welcomed with. */
function startOf(
  { after, epoch: given }: { after?: number | undefined; epoch?: string | undefined },
  epoch: string,
): Parameters<Following['follow']>[1] {
  if (after === undefined) return 'head';
  return given === undefined || given === epoch ? after : { resync: 'epoch' };
}

function done({ channelId, messageId, seq }: Done): Answer {
  return { channelId, messageId, ...(seq !== undefined && { seq }) };
}
