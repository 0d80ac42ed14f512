import type { HubState } from '@parley/hub-client';
import type { HubEvent, Message, UnknownEvent } from '@parley/hub-protocol';
import { levelOf } from './levels.ts';

/** A message that somebody wants to be told of. */
export interface Occasion {
  readonly channelId: string;
  readonly message: Message;
  /** Whether it calls them. */
  readonly mention: boolean;
}

/** Whether an event is one, and for whom the state is. */
export function occasionOf(event: HubEvent | UnknownEvent, state: HubState): Occasion | undefined {
  const message = saidBy(event);
  if (message === undefined || message.senderId === state.me) return undefined;
  if (message.kind !== 'message' || message.deletedAt !== null) return undefined;
  const { channelId } = message;
  const level = levelOf(state, channelId);
  const mention = callsMe(message, state);
  const wanted =
    level === 'all' ? mention || concernsMe(event, message, state) : level !== 'muted' && mention;
  return wanted ? { channelId, message, mention } : undefined;
}

/** A message that is being streamed is told when it is whole. */
function saidBy(event: HubEvent | UnknownEvent): Message | undefined {
  if (event.type === 'channel.message' || event.type === 'thread.message')
    return event.message.streaming === 'open' ? undefined : event.message;
  if (event.type !== 'channel.message.edit') return undefined;
  const { streaming, editedAt } = event.message;
  return streaming === 'done' && editedAt === null ? event.message : undefined;
}

function callsMe({ mentions: { users, roles, here } }: Message, { me, users: known }: HubState): boolean {
  if (me === undefined) return false;
  const role = known.get(me)?.role;
  return here || users.includes(me) || roles.some((called) => called === role);
}

/** Replies concern those who take part in the thread. */
function concernsMe(
  event: HubEvent | UnknownEvent,
  { channelId, threadId }: Message,
  state: HubState,
): boolean {
  if (threadId === null) return true;
  const { me, channels } = state;
  const root = channels.get(channelId)?.messages.find(({ id }) => id === threadId);
  const thread = event.type === 'thread.message' ? event.thread : root?.thread;
  return me !== undefined && (root?.senderId === me || thread?.participants.includes(me) === true);
}
