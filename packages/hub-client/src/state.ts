import type {
  Agent,
  Channel,
  HubError,
  Member,
  Message,
  NotificationLevel,
  Presence,
  Reading,
  Typist,
  User,
} from '@parley/hub-protocol';

/** How the client stands with the hub. */
export type ConnectionState =
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live'; readonly userId: string; readonly nodeId: string }
  /** `until`: when the next attempt begins, in milliseconds since 1970. */
  | { readonly phase: 'waiting'; readonly until: number; readonly error: HubError | undefined }
  /**
   * No attempt follows. `user`: `close()` was called. `sign-in`: new credentials are needed, then `connect()`. `stop`: it would happen
   * again, see `error`.
   */
  | {
      readonly phase: 'closed';
      readonly reason: 'user' | 'sign-in' | 'stop';
      readonly error: HubError | undefined;
    };

/** A message of one's own that the log has not shown yet. */
export interface Outgoing {
  readonly clientId: string;
  readonly channelId: string;
  readonly content: string;
  readonly threadId: string | null;
  readonly replyTo: string | null;
  /** The ids of what was uploaded for it. */
  readonly files: readonly string[];
  /** When it was sent first, by the clock of this machine. */
  readonly timestamp: number;
  /** `sending`: it may or may not be in the log. `sent`: it is. `failed`: see `error`; `retry` and `discard` end it. */
  readonly state: 'sending' | 'sent' | 'failed';
  readonly error: HubError | undefined;
}

export interface ThreadState {
  /** Replies by number. */
  readonly messages: readonly Message[];
  /** Whether these are all of them: `loadThread` was called. */
  readonly complete: boolean;
}

export interface ChannelState {
  readonly channel: Channel;
  /** The number of the last event that is in this state. */
  readonly position: number;
  /** Whether nothing is known to be missing. */
  readonly current: boolean;
  /** The end of the channel without gaps, by number; replies in threads stand in `threads`. */
  readonly messages: readonly Message[];
  /** Whether there are older messages, for `loadOlder`. */
  readonly older: boolean;
  /** By the id of the message that they hang on. */
  readonly threads: ReadonlyMap<string, ThreadState>;
  /** Pinned messages as far as they are known, latest first; `loadPins` brings all. */
  readonly pins: readonly Message[];
  /** By the id of the user. Undefined until `loadMembers`. */
  readonly members: ReadonlyMap<string, Member> | undefined;
  readonly reading: Reading;
  /** Own messages under way, in the order in which they were sent. */
  readonly outgoing: readonly Outgoing[];
}

/** Who is in a channel now, connected. */
export interface RosterState {
  /** By the id of the user. Of a large channel, some of them. */
  readonly members: ReadonlyMap<string, Presence>;
  /** How many are here: more than `members` when it is not `complete`. */
  readonly users: number;
  readonly complete: boolean;
  /** What was known last, and perhaps not right any more: there is no connection, or the hub cannot look just now. */
  readonly stale: boolean;
  /** Who types, in the order in which they began; oneself is left out. */
  readonly typing: readonly Typist[];
}

export interface AgentsState {
  /** By the id of the user: those at work, and those that went lately. */
  readonly members: ReadonlyMap<string, Agent>;
  /** As of a roster. */
  readonly stale: boolean;
}

/** Everything that is known, as it was at one moment. What did not change is the same object as before. */
export interface HubState {
  readonly connection: ConnectionState;
  /** The id of the own user, once it is known. */
  readonly me: string | undefined;
  /** Whether the channels have been read for the first time. */
  readonly ready: boolean;
  /** Of what to be told in public and private channels for which nothing is chosen in `reading`. Null: of mentions. */
  readonly defaultLevel: NotificationLevel | null;
  /** By their id. */
  readonly channels: ReadonlyMap<string, ChannelState>;
  readonly users: ReadonlyMap<string, User>;
  /** Of the channels that are watched and have been told of, by their id. */
  readonly rosters: ReadonlyMap<string, RosterState>;
  /** Undefined until `watchAgents` was called and the hub has answered. */
  readonly agents: AgentsState | undefined;
}
