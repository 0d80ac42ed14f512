/**
 * How one process tells others what it has put into the logs of the store. The logs are the truth and the feed is a wake-up: what it loses,
 * repeats or tells late is found by its position, at the next look at the latest. A bus fits, with messages of which nothing is kept.
 */
export interface Feed {
  /** Tells whoever follows the channels, at most once. Those of one channel arrive in the order given, if they arrive. */
  readonly send: (notices: readonly Notice[]) => Promise<unknown>;

  /** Hears what is told of a channel from now on, until it is closed. It connects by itself, again and again. */
  readonly follow: (channel: string, listener: FeedListener) => Following;
}

export interface Notice {
  readonly channel: string;
  /** Text of up to 64 KiB. */
  readonly body: string;
}

export interface FeedListener {
  readonly notice: (body: string) => void;
  /** Whether what is told from now on will be heard. Said with every change; nothing is heard before the first time. */
  readonly hearing: (hears: boolean) => void;
}

export interface Following {
  /** Nothing is told any more once this was called. */
  readonly close: () => void;
}
