import type { File, Mentions, MessageKind, Message } from '@parley/hub-protocol';

/** A message that has been allowed, and has no place in the log yet. */
export interface NewMessage {
  readonly id: string;
  readonly channelId: string;
  readonly kind: MessageKind;
  readonly senderId: string;
  /** By which the sender's program recognises it: sent twice, it is added once. */
  readonly clientId: string | undefined;
  readonly content: string;
  readonly threadId: string | undefined;
  readonly replyTo: string | undefined;
  readonly mentions: Mentions;
  /** Whom it mentions in the end: members of the channel, without its sender. */
  readonly mentioned: readonly string[];
  readonly turnId: string | undefined;
  readonly causedBy: string | undefined;
  readonly streaming: Message['streaming'];
  readonly model: string | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly files: readonly File[];
}

/** Where a message stands in the log. */
export interface Placed {
  readonly id: string;
  readonly channelId: string;
  readonly seq: number;
  readonly at: number;
  /** It was there already. */
  readonly again: boolean;
}

/** The message as it is told to everybody. */
export function messageOf(message: NewMessage, { seq, at }: Placed): Message {
  const { id, channelId, kind, senderId, content, mentions, streaming } = message;
  return {
    id,
    channelId,
    seq,
    kind,
    senderId,
    content,
    timestamp: at,
    threadId: message.threadId ?? null,
    replyTo: message.replyTo ?? null,
    mentions,
    reactions: [],
    editedAt: null,
    deletedAt: null,
    pinnedAt: null,
    thread: null,
    turnId: message.turnId ?? null,
    causedBy: message.causedBy ?? null,
    streaming,
    model: message.model ?? null,
    data: message.data ?? null,
    clientId: message.clientId ?? null,
    ...(message.files.length > 0 && { files: [...message.files] }),
  };
}
