import type {
  EventOf,
  Channel,
  Edit,
  Member,
  Message,
  MessageKind,
  NotificationLevel,
  Reading,
  Role,
} from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Files } from '../files/files.ts';
import type { Imports } from '../transfer/imports.ts';
import type { LogEntry } from '../live/feed.ts';
import type { Retention, RetentionOptions } from '../retention/retention.ts';
import type { RetentionRules } from '../retention/rules.ts';
import type { SearchMessages } from '../search/search.ts';
import type { StreamWatch } from './stream-watch.ts';
import type { TurnRequest } from './turns.ts';

export interface Call {
  readonly signal?: AbortSignal | undefined;
}

export interface NewChannel {
  readonly kind: 'public' | 'private';
  readonly name: string;
  readonly topic?: string | undefined;
  readonly description?: string | undefined;
  /** Who is in it from the start, beside who makes it. */
  readonly members?: readonly string[] | undefined;
}

export interface ChannelChanges {
  readonly name?: string | undefined;
  readonly topic?: string | undefined;
  readonly description?: string | undefined;
  /** The change is refused with `CONFLICT` when the channel has been changed since. */
  readonly rev?: number | undefined;
}

/** Why a moderator does something, for the audit log. */
interface Reason {
  readonly reason?: string | undefined;
}

/** Channels and who is in them. Whoever may not see a channel learns nothing of it: `NOT_FOUND`. */
export interface Channels {
  /** Those that the caller is in, and public ones. */
  readonly list: (
    caller: Caller,
    options?: Call & { readonly query?: string | undefined },
  ) => Promise<Channel[]>;
  readonly create: (caller: Caller, channel: NewChannel, call?: Call) => Promise<Channel>;
  /** The conversation with these people, which is made when there is none. */
  readonly openDirect: (caller: Caller, userIds: readonly string[], call?: Call) => Promise<Channel>;
  readonly read: (caller: Caller, channelId: string, call?: Call) => Promise<Channel>;
  readonly update: (
    caller: Caller,
    channelId: string,
    changes: ChannelChanges,
    call?: Call,
  ) => Promise<Channel>;
  readonly archive: (caller: Caller, channelId: string, archived: boolean, call?: Call) => Promise<Channel>;
  readonly delete: (caller: Caller, channelId: string, call?: Call) => Promise<void>;
  readonly join: (caller: Caller, channelId: string, call?: Call) => Promise<Member>;
  readonly leave: (caller: Caller, channelId: string, call?: Call) => Promise<void>;
  readonly members: (caller: Caller, channelId: string, call?: Call) => Promise<Member[]>;
  /** Invites, or changes a role. */
  readonly putMember: (
    caller: Caller,
    channelId: string,
    userId: string,
    role: Role | undefined,
    call?: Call,
  ) => Promise<Member>;
  readonly kick: (caller: Caller, channelId: string, userId: string, call?: Call) => Promise<void>;
  /** Agents write no more at once, or again. */
  readonly freeze: (
    caller: Caller,
    channelId: string,
    frozen: boolean,
    why?: Reason,
    call?: Call,
  ) => Promise<Channel>;
  /** So many seconds lie between two messages of a member who does not manage the channel; 0: none. */
  readonly slow: (
    caller: Caller,
    channelId: string,
    given: Reason & { readonly seconds: number },
    call?: Call,
  ) => Promise<Channel>;
  /** Without seconds: until they may speak again. */
  readonly mute: (
    caller: Caller,
    channelId: string,
    userId: string,
    given: Reason & { readonly seconds?: number | undefined },
    call?: Call,
  ) => Promise<Member>;
  readonly unmute: (caller: Caller, channelId: string, userId: string, call?: Call) => Promise<Member>;
  /** Gives somebody who has just come in a place to begin: the channel `general`, which the first owner makes. */
  readonly settleIn: (userId: string, role: Role, call?: Call) => Promise<void>;
  /** Takes a user out of everything, when they are deactivated. */
  readonly leaveAll: (userId: string, call?: Call) => Promise<void>;
}

export interface Draft {
  readonly clientId?: string | undefined;
  readonly content: string;
  readonly kind?: Exclude<MessageKind, 'system'> | undefined;
  readonly threadId?: string | undefined;
  readonly replyTo?: string | undefined;
  readonly turnId?: string | undefined;
  readonly causedBy?: string | undefined;
  readonly model?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
  readonly streaming?: 'open' | undefined;
  /** Ids of what the sender uploaded to the channel. */
  readonly files?: readonly string[] | undefined;
}

export interface PageRequest extends Call {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly around?: number | undefined;
  readonly limit?: number | undefined;
}

export interface MessagePage {
  readonly epoch: string;
  /** The head of the channel's log when the page was read: what happened since comes as events behind it. */
  readonly seq: number;
  /** In the order of their numbers. */
  readonly messages: Message[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

/** What was done to a message, and the number that it took; undefined: nothing changed. */
export interface Done {
  readonly channelId: string;
  readonly messageId: string;
  readonly seq: number | undefined;
}

/** A message as it is now, and the number that its change took; its own number where nothing was to change. */
export interface Written {
  readonly message: Message;
  readonly seq: number;
}

/** What became of one of several messages that were sent together. */
export type Sent = { readonly message: Message } | { readonly error: unknown };

export interface Messages {
  readonly page: (caller: Caller, channelId: string, request?: PageRequest) => Promise<MessagePage>;
  readonly send: (caller: Caller, channelId: string, draft: Draft, call?: Call) => Promise<Message>;
  /** The same with several, which go together and keep their order. One that is refused holds up none of the others. */
  readonly sendAll: (
    caller: Caller,
    channelId: string,
    drafts: readonly Draft[],
    call?: Call,
  ) => Promise<readonly Sent[]>;
  /** Resolves for who may say in the channel what they type. */
  readonly mayType: (caller: Caller, channelId: string, call?: Call) => Promise<void>;
  readonly read: (caller: Caller, messageId: string, call?: Call) => Promise<Message>;
  readonly edit: (caller: Caller, messageId: string, content: string, call?: Call) => Promise<Written>;
  /** More text of a message that is being streamed; kept nowhere. */
  readonly append: (
    caller: Caller,
    messageId: string,
    offset: number,
    text: string,
    call?: Call,
  ) => Promise<void>;
  /** The whole text of a message that was streamed. */
  readonly finish: (
    caller: Caller,
    messageId: string,
    end: Pick<Draft, 'content' | 'model' | 'data'>,
    call?: Call,
  ) => Promise<Written>;
  readonly delete: (caller: Caller, messageId: string, call?: Call) => Promise<Done>;
  readonly edits: (caller: Caller, messageId: string, call?: Call) => Promise<Edit[]>;
  readonly react: (
    caller: Caller,
    messageId: string,
    emoji: string,
    present: boolean,
    call?: Call,
  ) => Promise<Done>;
  readonly pin: (caller: Caller, messageId: string, pinned: boolean, call?: Call) => Promise<Done>;
  readonly pins: (caller: Caller, channelId: string, call?: Call) => Promise<Message[]>;
  readonly thread: (
    caller: Caller,
    messageId: string,
    request?: PageRequest,
  ) => Promise<MessagePage & { readonly following: boolean }>;
  /** What belongs to one turn of an agent, in order. */
  readonly turn: (
    caller: Caller,
    channelId: string,
    turnId: string,
    request?: TurnRequest,
  ) => Promise<Message[]>;
  readonly follow: (caller: Caller, messageId: string, following: boolean, call?: Call) => Promise<void>;
}

export interface Readings {
  /** Only ever forward. */
  readonly mark: (caller: Caller, channelId: string, seq: number, call?: Call) => Promise<Reading>;
  /** Of all channels that the caller is in, with what they have chosen to be told of. */
  readonly list: (caller: Caller, call?: Call) => Promise<ReadingList>;
}

interface ReadingList {
  readonly items: Reading[];
  /** For public and private channels for which nothing is chosen. */
  readonly defaultLevel: NotificationLevel | null;
}

/** Of what a user wants to be told; null: of what is usual. */
export interface Notifications {
  readonly set: (
    caller: Caller,
    channelId: string,
    level: NotificationLevel | null,
    call?: Call,
  ) => Promise<void>;
  /** In public and private channels for which nothing is chosen. */
  readonly setDefault: (caller: Caller, level: NotificationLevel | null, call?: Call) => Promise<void>;
}

interface Data {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Events {
  /** A step of work together, for the log of a channel; answers its number. */
  readonly collaborate: (
    caller: Caller,
    channelId: string,
    event: Data & { readonly sessionId: string },
    call?: Call,
  ) => Promise<number>;
  /** An event of an application, for those who listen to its topic now. */
  readonly custom: (caller: Caller, event: Data & { readonly topic: string }) => Promise<void>;
  /** Tells everybody who is connected now; answers its id. */
  readonly announce: (
    caller: Caller,
    announcement: { readonly level: EventOf<'system.announcement'>['level']; readonly content: string },
  ) => Promise<string>;
}

/** What a socket needs of the log. */
export interface Logs {
  readonly epoch: () => string;
  /** Channels that a user is in, with the heads of their logs. */
  readonly joined: (userId: string, call?: Call) => Promise<ReadonlyMap<string, number>>;
  /** The head of a channel's log, for who may read it: `NOT_FOUND` for others. */
  readonly head: (caller: Caller, channelId: string, call?: Call) => Promise<number>;
  /** Whether who may read a channel's log is a member of it: `NOT_FOUND` for others. */
  readonly isMember: (caller: Caller, channelId: string, call?: Call) => Promise<boolean>;
  /** Up to where a user has read a channel, which is before they came in where that was just now; undefined: they are not in it. */
  readonly readTo: (userId: string, channelId: string, call?: Call) => Promise<number | undefined>;
  /** The heads of these logs, whoever asks; a channel that is gone is left out. */
  readonly heads: (channelIds: readonly string[], call?: Call) => Promise<ReadonlyMap<string, number>>;
  /** Entries behind a number, whoever asks. */
  readonly read: (channelId: string, after: number, limit: number, call?: Call) => Promise<LogEntry[]>;
}

/** All that is said here, and in what. Rights are checked within: what a caller may not do is refused by every method of its own accord. */
export interface Chat {
  readonly channels: Channels;
  readonly messages: Messages;
  readonly readings: Readings;
  readonly notifications: Notifications;
  readonly events: Events;
  readonly logs: Logs;
  readonly search: SearchMessages;
  readonly streams: Pick<StreamWatch, 'start' | 'close' | 'note' | 'sweep' | 'silent' | 'cut' | 'beat'>;
  readonly files: Files;
  readonly imports: Imports;
  readonly retention: (days: number) => RetentionRules;
  /** Deletes what is older than it may be, where nothing is said of a channel after so many days. */
  readonly forgetting: (options: Omit<RetentionOptions, 'core'>) => Retention;
}
