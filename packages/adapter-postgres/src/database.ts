import type { Clock, Health } from '@parley/cache-core/kernel';

/** A value for `$1`, `$2`, ...; bytes go as they are, in the binary form of the parameter's type. */
export type Param = string | number | boolean | Uint8Array | null;

export interface Statement {
  readonly text: string;
  /** Prepares the statement once for each connection. The same name must always mean the same text. */
  readonly name?: string;
  /** What is being done, for error messages. @default the name */
  readonly operation?: string;
}

/** A row as the server wrote it: each column as text, null where it has no value. */
export type TextRow = readonly (string | null)[];

export interface Column {
  readonly name: string;
  /** The oid of its type. */
  readonly type: number;
}

export interface Result {
  readonly rows: readonly TextRow[];
  readonly columns: readonly Column[];
  /** The first word of what the server says it did, such as `INSERT`. */
  readonly command: string;
  /** How many rows were returned or changed. */
  readonly count: number;
}

export interface CallOptions {
  /** Gives up waiting. A statement that has been sent goes on, and its connection returns when it has ended. */
  readonly signal?: AbortSignal | undefined;
  /** @default what the connection was configured with */
  readonly timeoutMs?: number | undefined;
}

export interface Queries {
  /** One statement, in a transaction of its own where none is open. Rejects with `StoreUnavailable`, `StoreFault` or `Aborted`. */
  query(statement: Statement, params?: readonly Param[], options?: CallOptions): Promise<Result>;
}

/** A connection of one's own. */
export interface Session extends Queries {
  /** Several statements without parameters and results. */
  script(text: string, options?: CallOptions & { readonly operation?: string }): Promise<void>;
  /** Must be called, once. A connection with an open transaction, or one that broke, is not used again. */
  release(): void;
}

export interface ListenHandlers {
  notification(payload: string): void;
  /** The connection is gone; nothing more will come. Called once, and never after `close`. */
  gone(reason: unknown): void;
}

/** A connection that listens on a channel. */
export interface Listening extends Queries {
  close(): Promise<void>;
}

/**
 * A database, be it a server or embedded in this process: what all stores of this package run on. It is a structure: whoever has
 * connections of their own may implement it.
 */
export interface Database extends Queries, AsyncDisposable {
  readonly kind: 'postgres' | 'pglite';
  /** The schema of our tables. */
  readonly schema: string;
  /** How many statements can run at once. */
  readonly maxConnections: number;
  readonly clock: Clock;
  /**
   * Names the server process that answers: another one after a restart, and after another server took over. It has changed before anything
   * that the new one answered is handed out, and what the old one answers after that is not: its connections are `StoreUnavailable`.
   * Undefined: nobody has answered yet, or there is only this one.
   */
  readonly server?: string | undefined;
  acquire(options?: CallOptions): Promise<Session>;
  /** Commits when the work resolves and rolls back when it rejects. The work must use nothing but the session that it is given. */
  transaction<T>(work: (session: Session) => Promise<T>, options?: CallOptions): Promise<T>;
  listen(channel: string, handlers: ListenHandlers, options?: CallOptions): Promise<Listening>;
  /** Answers within its own deadline, and never rejects. */
  health(): Promise<Health>;
  /** Lets what runs come to its end, for a bounded time, and closes every connection. */
  close(): Promise<void>;
}
