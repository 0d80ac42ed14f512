import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { withDeadline, type Timer } from '@parley/cache-core/kernel';
import { HubError } from '@parley/hub-protocol';
import type { WebSocket } from 'ws';
import { hubErrorOf } from '../http/problems.ts';
import type { RoomNews } from '../live/log-reader.ts';
import type { Room } from '../live/room.ts';
import { Connection, type ConnectionEvents } from './connection.ts';
import { each } from './each.ts';
import type { SocketServices } from './services.ts';
import { createUpgrade, isSocketPath, refuse, type Upgrade } from './upgrade.ts';
import type { Users } from './users.ts';

export interface SocketsOptions {
  readonly services: SocketServices;
  readonly users: Users;
}

/** How many are started anew at a time when the epoch changes: each asks the database. */
const restartsAtOnce = 8;

/** All sockets of this node. */
export class Sockets {
  readonly #services: SocketServices;
  readonly #users: Users;
  readonly #upgrade: Upgrade = createUpgrade();
  readonly #connections = new Set<Connection>();
  readonly #listeners = new Map<string, Set<Connection>>();
  readonly #events: ConnectionEvents;
  #beat: Timer | undefined;
  #draining = false;
  #emptied: PromiseWithResolvers<void> | undefined;

  constructor({ services, users }: SocketsOptions) {
    this.#services = services;
    this.#users = users;
    this.#events = {
      onOpen: (connection) => users.add(connection),
      onClose: (connection) => this.#forget(connection),
      onListen: (connection, topic, listens) => this.#listen(connection, topic, listens),
      onStillHere: ({ caller }) => users.lookAgain(caller?.userId ?? ''),
    };
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Bytes that wait for sockets to take them, about. */
  get load(): number {
    let load = 0;
    for (const { outlet } of this.#connections) load += outlet.load;
    return load;
  }

  /** Moments that were left out for sockets that were slow, of those who are connected. */
  get dropped(): number {
    let dropped = 0;
    for (const { outlet } of this.#connections) dropped += outlet.dropped;
    return dropped;
  }

  /** Takes the requests for a socket of this server; whatever else wants to be upgraded is refused. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      this.accept(request, socket, head);
    });
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // It may go while it waits, and that is nobody's failure.
    socket.on('error', () => socket.destroy());
    this.#admit(request, socket, head).catch((error: unknown) => refuse(socket, hubErrorOf(error)));
  }

  async #admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (!isSocketPath(request)) throw new HubError('NOT_FOUND', 'nothing is at this address');
    this.#requireOpen();
    const { limits, addressOf } = this.#services;
    let opened: Connection | undefined;
    const release = await limits.knock(addressOf(request), (error) => opened?.refuse(error));
    socket.once('close', release);
    if (socket.destroyed) return release();
    this.#requireOpen();
    this.#upgrade(request, socket, head, (ws) => (opened = this.#open(ws, request)));
  }

  #requireOpen(): void {
    if (this.#draining) throw new HubError('DRAINING', 'this node is going away', { retryAfter: 1_000 });
  }

  /** A change of a right, or of what there is to hear, that everybody in the room has heard of. */
  onRoomNews(room: Room, { type, userId }: RoomNews): void {
    if (type === 'channel.member.leave' && userId !== undefined) {
      for (const { participation } of this.#users.of(userId)) participation?.left(room.channelId);
    } else if (type === 'channel.delete') {
      for (const { participation } of this.#connections) participation?.left(room.channelId);
    }
  }

  globalMoment(line: string, topic: string | undefined): void {
    const connections = topic === undefined ? this.#connections : this.#listeners.get(topic);
    for (const { outlet, caller } of connections ?? []) if (caller !== undefined) outlet.whisper(line);
  }

  /** Another epoch: every channel is to be loaded anew by everybody. */
  async restart(): Promise<void> {
    await each([...this.#connections], restartsAtOnce, (connection) => this.#restart(connection));
  }

  /** Sends everybody to other nodes, one after the other, and waits until they are gone, or the time is over. */
  async drain(withinMs: number): Promise<void> {
    const { clock } = this.#services;
    this.#draining = true;
    const all = [...this.#connections];
    const spreadMs = Math.min(10_000, all.length * 10);
    const drained = all.map((connection, i) => connection.drain(Math.round((i / all.length) * spreadMs)));
    await withDeadline(withinMs / 2, () => Promise.all(drained), { clock }).catch(() => undefined);
    for (const connection of all) connection.close('restart');
    await withDeadline(withinMs / 2, () => this.#empty(), { clock }).catch(() => undefined);
    this.close();
  }

  /** Ends everything at once. */
  close(): void {
    this.#draining = true;
    this.#beat?.cancel();
    for (const connection of this.#connections) connection.terminate();
  }

  #open(ws: WebSocket, request: IncomingMessage): Connection {
    const connection = new Connection(ws, request, this.#services, this.#events);
    const tooMany = this.#connections.size >= this.#services.bounds.perNode;
    this.#connections.add(connection);
    this.#beat ??= this.#beatLater();
    if (tooMany) connection.close('overloaded');
    return connection;
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    this.#users.remove(connection);
    for (const topic of connection.listens) this.#listen(connection, topic, false);
    if (this.#connections.size === 0) this.#emptied?.resolve();
  }

  async #empty(): Promise<void> {
    if (this.#connections.size === 0) return;
    this.#emptied ??= Promise.withResolvers();
    await this.#emptied.promise;
  }

  #listen(connection: Connection, topic: string, listens: boolean): void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    if (listens) listeners.add(connection);
    else listeners.delete(connection);
    if (listeners.size === 0) this.#listeners.delete(topic);
    else this.#listeners.set(topic, listeners);
  }

  async #restart(connection: Connection): Promise<void> {
    try {
      await connection.participation?.following.restart();
    } catch (error) {
      this.#services.logger.warn({ error }, 'A connection could not be started anew, and is closed');
      connection.close('overloaded');
    }
  }

  #beatLater(): Timer {
    return this.#services.clock.timer(1_000, () => this.#beatAll(), { unref: true });
  }

  /** One timer for all of them. */
  #beatAll(): void {
    const { clock, bounds } = this.#services;
    const now = clock.monotonic();
    const today = clock.now();
    for (const connection of this.#connections) {
      connection.beat(now);
      const { caller } = connection;
      if (caller?.expiresAt !== undefined && caller.expiresAt <= today) this.#users.look(caller.userId);
    }
    this.#users.lookAtOld(bounds.reviewMs);
    this.#beat = this.#connections.size > 0 ? this.#beatLater() : undefined;
  }
}
