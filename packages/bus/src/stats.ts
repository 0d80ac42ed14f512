/** What a bus has done since it was made. */
export interface BusStats {
  published: number;
  /** Publications that were there already, by idempotency key or found again after a lost reply. */
  suppressed: number;
  /** Ephemeral messages that were not sent: replaced by a later one, or refused while the broker was away. */
  unsent: number;
  /** Publications that were sent again, as nobody could know what had become of them. */
  resent: number;
  /** Publications that failed. */
  failed: number;
  /** Messages given to handlers. */
  delivered: number;
  /** Publications refused because too many waited. */
  refused: number;
  /** Publications that waited for the broker until their time was up. */
  expired: number;
  /** Messages dropped from full buffers. */
  dropped: number;
  /** Subscriptions that were ended because their handler was too slow for their buffer. */
  overruns: number;
  /** Records that had been delivered before. */
  duplicates: number;
  /** Holes found in what was pushed, and filled from the log. */
  repaired: number;
  /** Gaps told to subscriptions. */
  gaps: number;
  /** Subscriptions to a channel that were made again after a loss. */
  recoveries: number;
  /** How long the last recovery took for all that was lost together, in ms. */
  resubscribeMs: number;
  /** Position checks that found messages which nobody had told of. */
  lateFinds: number;
  /** Messages that could not be read. */
  poison: number;
  /** What handlers threw. */
  handlerErrors: number;
  /** Time spent in handlers, in ms. */
  handlerMs: number;
  /** From the append to the handler, by the clocks of broker and process, in ms: of the last message, and the longest. */
  lagMs: number;
  longestLagMs: number;
  /** Jobs. */
  jobsDone: number;
  jobsRetried: number;
  jobsDead: number;
  leasesLost: number;
  /** Requests sent, and those without an answer in time. */
  requests: number;
  unanswered: number;
}

export interface BusFigures extends BusStats {
  /** Waiting in this process to be sent. */
  readonly waiting: { readonly messages: number; readonly bytes: number };
  /** Waiting in this process for handlers. */
  readonly buffered: number;
  /** Whether everything that this bus follows is heard. */
  readonly isInitialized: boolean;
  /** Topics that somebody subscribes to, works for or responds to. */
  readonly activeEventTypes: number;
  /** Subscriptions, workers and responders. */
  readonly totalHandlers: number;
  /** Names this bus among all that share the broker. */
  readonly serviceId: string;
  /** What the names of the broker stand under. */
  readonly channelPrefix: string;
  /** Channels that this process follows, however many subscribe to them. */
  readonly channels: number;
  /** What there is to be watched of the feed, such as `probeTimeouts`. */
  readonly feed: Readonly<Record<string, number>>;
}

export function emptyStats(): BusStats {
  return {
    published: 0,
    suppressed: 0,
    unsent: 0,
    resent: 0,
    failed: 0,
    refused: 0,
    expired: 0,
    delivered: 0,
    dropped: 0,
    overruns: 0,
    duplicates: 0,
    repaired: 0,
    gaps: 0,
    recoveries: 0,
    resubscribeMs: 0,
    lateFinds: 0,
    poison: 0,
    handlerErrors: 0,
    handlerMs: 0,
    lagMs: 0,
    longestLagMs: 0,
    jobsDone: 0,
    jobsRetried: 0,
    jobsDead: 0,
    leasesLost: 0,
    requests: 0,
    unanswered: 0,
  };
}
