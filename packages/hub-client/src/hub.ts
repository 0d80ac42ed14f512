import type { Message } from '@parley/hub-protocol';
import type { RouteBody } from '@parley/hub-protocol/rest';
import type { Activity, AgentCard } from './presence/oneself.ts';
import type { EventListener, Listened } from './listeners.ts';
import type { CallRoute } from './rest.ts';
import type { HubState } from './state.ts';

/** A message to be sent. */
export type SendDraft = Omit<RouteBody<'sendMessage'>, 'clientId'> & {
  /** Of one's own, for a message that must not be doubled even by another process. @default a random one */
  clientId?: string;
};

export interface Sending {
  readonly clientId: string;
  /** The message as it is in the log. It may be left alone: what fails is seen in `outgoing`. */
  readonly message: Promise<Message>;
}

/** A client of the hub. Its functions need no `this`. */
export interface Hub {
  /** Everything that is known. The same object until something changes: for `useSyncExternalStore`. */
  readonly snapshot: () => HubState;
  /** Tells of each change, until the returned function is called. */
  readonly subscribe: (listener: () => void) => () => void;
  /**
   * Tells of events, each once and in the order of its channel: those of one type, or `event` for all. What was missed for too long to be
   * told (`resync`) is in the state and comes as no event.
   */
  readonly on: <T extends Listened>(type: T, listener: EventListener<T>) => () => void;
  /**
   * Resolves when the channels have been read for the first time. Rejects with the error when the connection is `closed` before that; after
   * `connect()` it is another one.
   */
  readonly ready: Promise<void>;

  /** Calls a route. What can be repeated is tried again until the deadline. Rejects with a `HubError`. */
  readonly call: CallRoute;

  /**
   * Sends a message: it is in `outgoing` at once, and goes as soon as there is a connection. At most 1,000 wait in a channel; the last 100 that
   * failed are kept.
   */
  readonly send: (channelId: string, draft: SendDraft) => Sending;
  /** Sends a failed message again. Undefined: there is none. */
  readonly retry: (clientId: string) => Promise<Message> | undefined;
  /** Forgets a failed message. False: there is none. */
  readonly discard: (clientId: string) => boolean;
  /**
   * More text of a message that was sent with `streaming: 'open'`, behind so many characters; an empty one is a sign of life. Answers how many
   * characters are on their way, which may be fewer. `streamMessage` of `@parley/hub-client/streams` does the rest.
   */
  readonly append: (channelId: string, messageId: string, offset: number, text: string) => number;

  /** Brings the latest messages, and then older ones. Resolves to whether there are more. */
  readonly loadOlder: (channelId: string, limit?: number) => Promise<boolean>;
  /** Brings all replies of a thread. */
  readonly loadThread: (channelId: string, rootId: string) => Promise<void>;
  /** Brings who is in a channel. */
  readonly loadMembers: (channelId: string) => Promise<void>;
  /** Brings what is pinned in a channel. */
  readonly loadPins: (channelId: string) => Promise<void>;

  /** Everything up to a number is read; without one, all that is here. */
  readonly markRead: (channelId: string, seq?: number) => void;
  /**
   * Keeps the roster of a channel in the state, until the returned function is called: who is here, and who types. However many watch a channel,
   * the hub is asked once; and again with each new connection. One that may not be seen, or one too many, has no roster.
   */
  readonly watch: (channelId: string) => () => void;
  /** Keeps the agents in the state, until the returned function is called. */
  readonly watchAgents: () => () => void;
  /**
   * Tells those who watch the channel. To be called with every key: what was said within three seconds is not said again. It ends with `stop`,
   * when a message is sent there, and by itself after ten seconds. Without a connection it is for nobody.
   */
  readonly typing: (channelId: string, state: 'start' | 'stop', threadId?: string) => void;
  /** Whether somebody is at the keys, here. It is said again with each new connection. */
  readonly setActivity: (activity: Activity) => void;
  /** What an agent tells of itself, kept and said again likewise. What is left out stays as it is. */
  readonly agent: (card: AgentCard) => void;
  /** Hears the custom events of a topic, until the returned function is called. */
  readonly listen: (topic: string) => () => void;

  /** Tries to connect now: after new credentials, or instead of waiting. */
  readonly connect: () => void;
  /** Ends the connection, all calls and what is not sent. */
  readonly close: () => void;
}
