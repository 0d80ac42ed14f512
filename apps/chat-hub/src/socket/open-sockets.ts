import type { IncomingMessage, Server } from 'node:http';
import { systemClock, type Clock, type Logger, type Random } from '@parley/cache-core/kernel';
import type { ApplicationTables } from '@parley/runtime';
import { createLogReader } from '../live/chat-log.ts';
import { timeOf } from '../live/lines.ts';
import type { OpenFeed } from '../live/create-feed.ts';
import type { LogEpoch } from '../live/epoch.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import { Rooms } from '../live/rooms.ts';
import { alteredQuery } from '../live/altered-query.ts';
import { watchQuery } from '../live/watch-query.ts';
import { Watch } from '../live/watch.ts';
import type { Wire } from '../live/wire.ts';
import type { HubPresence } from '../presence/hub-presence.ts';
import { sameOrigin } from './greet.ts';
import { FrameFigures } from './frame-figures.ts';
import {
  defaultBounds,
  type Identity,
  type SocketBounds,
  type SocketChat,
  type SocketServices,
} from './services.ts';
import { Sockets } from './sockets.ts';
import { Ticker } from './ticker.ts';
import { Users } from './users.ts';

export interface OpenSocketsOptions {
  readonly nodeId: string;
  readonly chat: SocketChat;
  readonly presence: Omit<HubPresence, 'close'>;
  readonly limits: Pick<HubLimits, 'often' | 'connect' | 'knock'>;
  readonly feed: OpenFeed;
  readonly wire: Wire;
  readonly epoch: LogEpoch;
  readonly tables: ApplicationTables;
  readonly identity: Identity;
  readonly logger: Logger;
  /** @default the host that the request was made to */
  readonly ownOrigin?: ((request: IncomingMessage) => boolean) | undefined;
  /** Where a request came from. @default the other end of its connection */
  readonly addressOf?: ((request: IncomingMessage) => string) | undefined;
  readonly bounds?: SocketBounds | undefined;
  /** Hears how long after it was written something was told here, in milliseconds. */
  readonly onDelivered?: ((ms: number) => void) | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

interface SocketFigures {
  readonly sockets: number;
  readonly users: number;
  readonly rooms: number;
  /** Bytes that wait for sockets to take them, about. */
  readonly waitingBytes: number;
  /** Moments that were left out for sockets that are slow. */
  readonly droppedMoments: number;
  /** How often what other nodes do could not be asked for. */
  readonly watchErrors: number;
  /** Messages that other nodes were not told of by the bus. */
  readonly unsent: number;
  /** Whether other nodes are heard. */
  readonly steady: boolean;
}

export interface OpenSockets {
  /** Takes the requests for a socket of this server. */
  readonly attach: (server: Server) => void;
  readonly figures: () => SocketFigures;
  /** What went over the sockets since the start. */
  readonly frames: Pick<FrameFigures, 'frames' | 'bytes' | 'refusals'>;
  /** Sends everybody to other nodes. Settles within this time. */
  readonly drain: (withinMs: number) => Promise<void>;
  /** Ends everything at once. The feed tells nobody any more. */
  readonly close: () => void;
}

/** The live part of a node: rooms, what is heard of other nodes, and the sockets of those who follow. */
export function openSockets(options: OpenSocketsOptions): OpenSockets {
  const { chat, wire, epoch, tables, feed, identity, logger } = options;
  const { clock = systemClock, random = Math.random } = options;
  const bounds = { ...defaultBounds, ...defined(options.bounds ?? {}) };
  const frames = new FrameFigures();
  const current = (): string => epoch.current;
  const users = new Users({
    wire,
    logs: chat.logs,
    identity,
    clock,
    perUser: bounds.perUser,
    onError: (error) => logger.warn({ error }, 'The rights of a connected user could not be looked at'),
  });
  const rooms: Rooms = new Rooms({
    log: createLogReader(chat.logs, current, clock),
    heads: (channelIds) => chat.logs.heads(channelIds),
    wire,
    epoch: current,
    clock,
    onNews: (room, news) => sockets.onRoomNews(room, news),
    onTold(channelId, entries) {
      options.presence.typists.heard(channelId, entries);
      // Of those that come at once, the first has waited longest.
      const at = entries[0] && timeOf(entries[0]);
      // The clock of the database may be ahead of this one.
      if (at !== undefined) options.onDelivered?.(Math.max(0, clock.now() - at));
    },
    onError: (error, channelId) => logger.warn({ error, channelId }, 'A log could not be read'),
    onOtherEpoch: () => watch.doubt(),
  });
  const services: SocketServices = {
    nodeId: options.nodeId,
    chat,
    presence: options.presence,
    limits: options.limits,
    rooms,
    epoch: current,
    identity,
    ownOrigin: options.ownOrigin ?? sameOrigin,
    addressOf: options.addressOf ?? (({ socket }) => socket.remoteAddress ?? ''),
    clock,
    random,
    logger,
    ticker: new Ticker(clock),
    figures: frames,
    bounds,
  };
  const sockets = new Sockets({ services, users });
  const onLoss = (): void =>
    logger.error(
      { epoch: epoch.current },
      'The database has lost what was committed: an older copy of it seems to run. The logs begin another epoch',
    );
  const altered = alteredQuery(tables);
  epoch.compareBy(async (signal) => {
    const lost = await altered(rooms.told(), signal);
    if (lost) onLoss();
    return lost;
  });
  const watch = new Watch({
    rooms,
    wire,
    epoch,
    users: () => users.revs(),
    onUser: (userId) => users.look(userId),
    ask: watchQuery(tables),
    onLoss,
    onError: (error) => logger.warn({ error }, 'The heads of the logs could not be looked at'),
    clock,
    random,
  });
  const globalMoment = (line: string, topic: string | undefined): void => sockets.globalMoment(line, topic);
  feed.attach({
    entries: (channelId, entries) => rooms.tell(channelId, entries),
    channelMoment: (channelId, line) => rooms.whisper(channelId, line),
    userMoment: (userId, line) => users.moment(userId, line),
    globalMoment,
    accessChanged: (userId) => users.look(userId),
    joined: (userId, channelId, after) => users.joined(userId, channelId, after),
    unsure: () => watch.doubt(),
  });
  const ear = wire.hearAll(({ moment, topic }) => globalMoment(moment, topic));
  wire.onLive(() => watch.hurry());
  epoch.onChange((now) => {
    logger.warn({ epoch: now }, 'The logs have another epoch: everybody loads anew');
    rooms.restart();
    void sockets.restart();
  });
  return {
    attach: (server) => sockets.attach(server),
    frames,
    figures: () => ({
      sockets: sockets.size,
      users: users.size,
      rooms: rooms.size,
      waitingBytes: sockets.load,
      droppedMoments: sockets.dropped,
      watchErrors: watch.errors,
      unsent: wire.unsent,
      steady: wire.steady,
    }),
    drain: (withinMs) => sockets.drain(withinMs),
    close() {
      watch.close();
      ear.close();
      sockets.close();
      rooms.close();
    },
  };
}

function defined<T extends object>(given: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  // What is left away is left to the defaults.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };
}
