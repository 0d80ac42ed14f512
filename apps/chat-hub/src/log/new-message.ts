/** A message that has been allowed, and has no place in the log yet. */
export interface NewMessage {
  readonly id: string;
  readonly channelId: string;
  readonly kind: 'message' | 'thought' | 'action' | 'system';
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
  readonly streaming: 'none' | 'open' | 'done';
  readonly model: string | undefined;
}

export interface Mentions {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly here: boolean;
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
