/** What a presence has done since it was made. */
export interface PresenceStats {
  /** Calls that carried changes to the store, and the changes in them. */
  batches: number;
  changes: number;
  /** Calls that failed and were made again. */
  retries: number;
  /** Leases begun; all but the first one for a reason that `leasesLapsed` or `epochs` counts. */
  leases: number;
  /** Leases that were over before they were renewed: a pause of this process, or a store that lost its data. */
  leasesLapsed: number;
  /** Times that the store may have lost something, so that everything was registered again. */
  epochs: number;
  /** Entries registered again. */
  reregistered: number;
  /** Entries given up because another process has them now. */
  takenOver: number;
  beats: number;
  beatsFailed: number;
  /** Diffs that this process put into logs by taking out what had ended elsewhere. */
  reaped: number;
  /** Notices sent to and heard from other processes, and those that could not be sent. */
  noticesSent: number;
  noticesHeard: number;
  noticesFailed: number;
  /** Diffs applied to views. */
  diffs: number;
  /** Holes in what was heard, filled from the log. */
  holes: number;
  /** Looks that found what nobody had told of. */
  lateFinds: number;
  /** Whole views read. */
  snapshots: number;
  /** Times that the store went away. */
  outages: number;
}

export interface PresenceFigures extends PresenceStats {
  /** What this process has registered, and what of it is on its way to the store. */
  readonly entries: number;
  readonly waiting: number;
  /** Channels that this process follows, and those of them that may not be right. */
  readonly followed: number;
  readonly stale: number;
  /** Names this process among all that share the store. */
  readonly processId: string;
}

export function emptyStats(): PresenceStats {
  return {
    batches: 0,
    changes: 0,
    retries: 0,
    leases: 0,
    leasesLapsed: 0,
    epochs: 0,
    reregistered: 0,
    takenOver: 0,
    beats: 0,
    beatsFailed: 0,
    reaped: 0,
    noticesSent: 0,
    noticesHeard: 0,
    noticesFailed: 0,
    diffs: 0,
    holes: 0,
    lateFinds: 0,
    snapshots: 0,
    outages: 0,
  };
}
