import type { NewMessage, Placed } from './new-message.ts';

/** Undefined: the channel is not as it was when the message was allowed. */
export type Reply = Placed | 'timed-out' | undefined;

/** A message that waits for its place in the log. */
export interface Waiting {
  readonly message: NewMessage;
  /** Of the channel, when the message was allowed. */
  readonly rev: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** What is added to one channel in one commit. */
export interface Portion {
  readonly channelId: string;
  readonly rev: number;
  readonly waiting: readonly Waiting[];
  /** Each once, and of the latest state of the channel: what was allowed on an older one will be refused anyway. */
  readonly messages: readonly NewMessage[];
}

const charactersEach = 4_096;

/** How much of a commit a message takes up. */
export const sizeOf = ({ content }: NewMessage): number => 1 + Math.floor(content.length / charactersEach);

/** What makes two sendings one message. */
export function nameOf({ id, senderId, clientId }: NewMessage): string {
  return clientId === undefined ? id : `${senderId} ${clientId}`;
}

/** Nothing has to be written with it but the message itself. */
export const isPlain = ({ files, streaming }: NewMessage): boolean =>
  files.length === 0 && streaming !== 'open';

export function portionOf(channelId: string, waiting: readonly Waiting[]): Portion {
  const rev = Math.max(...waiting.map((one) => one.rev));
  const byName = new Map<string, NewMessage>();
  for (const { message, rev: allowed } of waiting) {
    const name = nameOf(message);
    if (allowed === rev && !byName.has(name)) byName.set(name, message);
  }
  return { channelId, rev, waiting, messages: [...byName.values()] };
}
