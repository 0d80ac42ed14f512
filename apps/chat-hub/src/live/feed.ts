import type { HubEvent } from '@parley/hub-protocol';

/** One entry of a channel's log. */
export interface LogEntry {
  readonly seq: number;
  readonly at: number;
  /** Null: the hub itself. */
  readonly actorId: string | null;
  /** As JSON: it comes so from the database, and goes so to sockets. */
  readonly event: string;
  readonly type: HubEvent['type'];
  /** Of the member that it is about, in `channel.member.*`. */
  readonly userId?: string | undefined;
}

/** An event for those who are connected now. */
export interface Moment {
  readonly event: HubEvent;
  readonly actorId: string | null;
  readonly channelId: string | null;
  /** Where it goes: `channel:{id}`, `agent:{id}` or `global`. */
  readonly to: string;
}

/** Who is told of what has happened: sockets of this node, and other nodes. Telling never fails and never waits: the log is the truth. */
export interface Feed {
  /** Entries that were committed, in order; told right after the commit. */
  readonly committed: (channelId: string, entries: readonly LogEntry[]) => void;
  readonly moment: (moment: Moment) => void;
  /** Rights or memberships of a user changed: sockets look at them anew. */
  readonly accessChanged: (userId: string) => void;
}
