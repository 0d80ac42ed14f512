import type { ListedSession, StoredSession } from './session-store.ts';
import type { Visitor } from './visitor.ts';

/** What is known of a session, its data aside. */
export interface SessionInfo extends Visitor {
  /** Names the session to its owner; it opens nothing. It changes when the id does. */
  readonly handle: string;
  /** When it began, in milliseconds since 1970, by the clock of the store. */
  readonly createdAt: number;
  /** When the store was last told that it was seen, in milliseconds since 1970, by the clock of the store. */
  readonly seenAt: number;
  /** How long it lives if it is not seen again. */
  readonly endsInMs: number;
}

export interface Session<Data> extends SessionInfo {
  readonly user: string | undefined;
  readonly data: Data;
  /** Names this state of it, for `write`. */
  readonly version: string;
}

export interface OwnedSession extends SessionInfo {
  /** Whether it is the one that was named as the asker's own. */
  readonly current: boolean;
}

/** A session that was begun, or that got another id. */
export interface IssuedSession {
  /** What its bearer shows, such as by a cookie. It is a secret, and told only this once. */
  readonly id: string;
  readonly handle: string;
}

export function infoOf(handle: string, facts: ListedSession | StoredSession): SessionInfo {
  const { createdAt, seenAt, endsInMs, address, userAgent } = facts;
  return { handle, createdAt, seenAt, endsInMs, address, userAgent };
}
