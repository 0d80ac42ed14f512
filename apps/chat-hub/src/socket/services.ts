import type { IncomingMessage } from 'node:http';
import type { Clock, Logger, Random } from '@parley/cache-core/kernel';
import type { Caller } from '../access/caller.ts';
import type { Logs, Messages, Readings } from '../chat/chat.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import type { Rooms } from '../live/rooms.ts';
import type { HubPresence } from '../presence/hub-presence.ts';
import type { FrameFigures } from './frame-figures.ts';
import type { Ticker } from './ticker.ts';

/** Who somebody is. Asked anew each time, of the database. */
export interface Identity {
  /** By a cookie or the header `authorization` of a request, or by a token. */
  readonly authenticate: (by: IncomingMessage | string) => Promise<Caller | undefined>;
  /**
   * The same caller as of now; undefined when the session or token is not valid any more. May reject with `FORBIDDEN` when the user was
   * deactivated.
   */
  readonly recheck: (caller: Caller) => Promise<Caller | undefined>;
}

export interface SocketBounds {
  /** @default 10 s */
  readonly helloMs?: number | undefined;
  /** After so long without anything from a client it is pinged, and after twice as long it is taken for gone. @default 30 s */
  readonly heartbeatMs?: number | undefined;
  /** How often the heads of channels are told. @default 15 s */
  readonly beaconMs?: number | undefined;
  /** A socket that takes nothing for so long is closed. @default 60 s */
  readonly stuckMs?: number | undefined;
  /** How long one frame may take. @default 10 s */
  readonly frameMs?: number | undefined;
  /** Frames a second of one socket, and how many at once after a pause. @default 500, 2,000 */
  readonly framesPerSecond?: number | undefined;
  readonly frameBurst?: number | undefined;
  /** Connections of one user, and of this node. @default 100, 20,000 */
  readonly perUser?: number | undefined;
  readonly perNode?: number | undefined;
  /** How often each user's rights are looked at without any reason. @default 5 min */
  readonly reviewMs?: number | undefined;
}

/** What sockets need of the chat. */
export interface SocketChat {
  readonly messages: Pick<
    Messages,
    'sendAll' | 'mayType' | 'append' | 'finish' | 'edit' | 'delete' | 'react' | 'pin'
  >;
  readonly readings: Pick<Readings, 'mark'>;
  readonly logs: Omit<Logs, 'epoch'>;
}

/** What a connection works with. */
export interface SocketServices {
  readonly nodeId: string;
  readonly chat: SocketChat;
  readonly presence: Omit<HubPresence, 'close'>;
  readonly limits: Pick<HubLimits, 'often' | 'connect' | 'knock'>;
  readonly rooms: Rooms;
  readonly epoch: () => string;
  readonly identity: Identity;
  /** Whether the page that opened the socket is one of the hub's own. */
  readonly ownOrigin: (request: IncomingMessage) => boolean;
  /** Where a request came from. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly ticker: Ticker;
  readonly figures: FrameFigures;
  readonly bounds: Required<{ [Name in keyof SocketBounds]: number }>;
}

export const defaultBounds: SocketServices['bounds'] = {
  helloMs: 10_000,
  heartbeatMs: 30_000,
  beaconMs: 15_000,
  stuckMs: 60_000,
  frameMs: 10_000,
  framesPerSecond: 500,
  frameBurst: 2_000,
  // More than any limit: those say how many a user may have, at all nodes together.
  perUser: 10_000,
  perNode: 20_000,
  reviewMs: 300_000,
};
