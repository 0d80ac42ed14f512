/** One entry of a channel's log, as it is sent. */
export interface Entry {
  readonly seq: number;
  /** The frame, encoded once for everybody. */
  readonly line: string;
  /** Set where a right may have changed, or what was told before: what the node itself must know of. */
  readonly news?: RoomNews | undefined;
}

/** What happened, and to whom. */
export interface RoomNews {
  readonly type: string;
  readonly userId?: string | undefined;
}

export interface LogReader {
  /** Entries behind a position, in order and without a hole. */
  readonly read: (channelId: string, after: number, limit: number) => Promise<readonly Entry[]>;
}
