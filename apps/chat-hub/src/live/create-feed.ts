import type { Clock } from '@parley/cache-core/kernel';
import { globalAddress, readAddress } from '@parley/hub-protocol';
import type { Feed, LogEntry, Moment } from './feed.ts';
import { entryOf, momentLine } from './lines.ts';
import type { Entry } from './log-reader.ts';
import type { Wire } from './wire.ts';

/** Who is told on this node. */
export interface Audience {
  readonly entries: (channelId: string, entries: readonly Entry[]) => void;
  readonly channelMoment: (channelId: string, line: string) => void;
  readonly userMoment: (userId: string, line: string) => void;
  readonly globalMoment: (line: string, topic: string | undefined) => void;
  readonly accessChanged: (userId: string) => void;
  readonly joined: (userId: string, channelId: string, after: number) => void;
  /** Something was committed that cannot be told, as nobody knows which epoch it belongs to. */
  readonly unsure: () => void;
}

export interface FeedOptions {
  readonly wire: Wire;
  readonly epoch: () => string;
  /** Rejects when what was committed under this epoch may belong to another one. @default it never does */
  readonly confirm?: ((epoch: string) => Promise<void>) | undefined;
  /** Whether `epoch` is in doubt at this moment. @default it never is */
  readonly doubtful?: (() => boolean) | undefined;
  readonly clock: Clock;
}

/** A feed that is made before there is anybody to tell: what writes to the log comes first, and who reads it needs what writes. */
export interface OpenFeed extends Feed {
  readonly attach: (audience: Audience) => void;
}

/** A message on the bus has at most about so many characters of lines. */
const maxParcel = 200_000;

export function createFeed(options: FeedOptions): OpenFeed {
  const { wire, epoch, clock, doubtful = () => false, confirm = () => Promise.resolve() } = options;
  let audience: Audience | undefined;

  const tell = (channelId: string, logEntries: readonly LogEntry[], known: string): void => {
    const entries = logEntries.map((entry) => entryOf(channelId, known, entry));
    for (const parcel of parcelsOf(entries)) wire.tellChannel(channelId, { epoch: known, entries: parcel });
    audience?.entries(channelId, entries);
    for (const [userId, after] of newcomersIn(logEntries)) {
      wire.tellUser(userId, { joined: channelId, after });
      audience?.joined(userId, channelId, after);
    }
  };

  return {
    attach: (given) => void (audience = given),

    committed(channelId, logEntries) {
      const known = epoch();
      if (!doubtful()) return tell(channelId, logEntries, known);
      // Another server has taken over: under its own epoch, everybody reads these from the log.
      confirm(known).then(
        () => tell(channelId, logEntries, known),
        () => audience?.unsure(),
      );
    },

    moment(moment: Moment) {
      const line = momentLine(moment, clock.now());
      const address = readAddress(moment.to);
      if (address?.kind === 'channel') {
        wire.tellChannel(address.channelId, { moment: line });
        audience?.channelMoment(address.channelId, line);
      } else if (address?.kind === 'agent') {
        wire.tellUser(address.userId, { moment: line });
        audience?.userMoment(address.userId, line);
      } else if (moment.to === globalAddress) {
        const topic = moment.event.type === 'custom' ? moment.event.topic : undefined;
        wire.tellAll({ moment: line, ...(topic !== undefined && { topic }) });
        audience?.globalMoment(line, topic);
      }
    },

    accessChanged(userId) {
      wire.tellUser(userId, { access: true });
      audience?.accessChanged(userId);
    },
  };
}

/** Whoever comes in hears so by the log itself, from the beginning if it begins with that. */
function newcomersIn(entries: readonly LogEntry[]): Map<string, number> {
  const created = entries.find(({ type }) => type === 'channel.create');
  const newcomers = new Map<string, number>();
  for (const { type, userId, seq } of entries) {
    if (type !== 'channel.member.join' || userId === undefined) continue;
    newcomers.set(userId, (created?.seq ?? seq) - 1);
  }
  return newcomers;
}

function parcelsOf(entries: readonly Entry[]): Entry[][] {
  const parcels: Entry[][] = [];
  let parcel: Entry[] = [];
  let size = 0;
  for (const entry of entries) {
    if (size > 0 && size + entry.line.length > maxParcel) {
      parcels.push(parcel);
      parcel = [];
      size = 0;
    }
    parcel.push(entry);
    size += entry.line.length;
  }
  if (parcel.length > 0) parcels.push(parcel);
  return parcels;
}
