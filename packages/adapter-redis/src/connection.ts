import { Closed, defineSignal, type Clock, type Health } from '@parley/cache-core/kernel';
import type { Redis } from 'ioredis';
import type { Settings } from './config-check.ts';
import { disconnect, endClient } from './ending.ts';
import { HealthWatch, type HealthQuestion } from './health.ts';
import { Lane } from './lane.ts';
import { Link } from './link.ts';
import { openClient, openSubscriber, type Role } from './roles.ts';
import { watchSentinels, type SentinelWatch } from './sentinel-watch.ts';
import { ServerClock } from './server-clock.ts';

/** A connection came up or was lost. */
export interface RedisConnectionChange {
  readonly server: string;
  readonly role: Role;
  readonly state: 'up' | 'down';
  readonly error?: unknown;
}

/** Told for every connection of this process that comes up or is lost. */
export const redisConnectionChanges = defineSignal<RedisConnectionChange>('parley:redis-connection');

/** What the mechanisms of this package work with. It is not in the types that applications see: the driver does not leave this package. */
export interface RedisInternals {
  readonly reads: Lane;
  readonly changes: Lane;
  readonly clock: Clock;
  readonly serverClock: ServerClock;
  /** A connection for one subscription, to the master that holds the slot. */
  readonly openSubscriber: (slot: number) => Promise<Redis>;
}

let reach: (connection: RedisConnection) => RedisInternals;

export const internalsOf = (connection: RedisConnection): RedisInternals => reach(connection);

/**
 * A Redis that stores and brokers of this package share. It connects at once and for ever; calls wait for the first attempt, and later
 * fail at once while it is away. Made by `connectRedis`, and closed by who made it.
 */
export class RedisConnection {
  readonly #settings: Settings;
  readonly #clock: Clock;
  readonly #lanes: Readonly<Record<Role, Lane>>;
  readonly #serverClock: ServerClock;
  readonly #subscribers = new Set<Redis>();
  readonly #watch: SentinelWatch | undefined;
  readonly #health: HealthWatch;
  #closing: Promise<void> | undefined;

  static {
    reach = (connection) => ({
      ...connection.#lanes,
      clock: connection.#clock,
      serverClock: connection.#serverClock,
      openSubscriber: (slot) => connection.#openSubscriber(slot),
    });
  }

  constructor(settings: Settings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#serverClock = new ServerClock({
      clock,
      nodes: () => this.#lanes.reads.link.nodes,
      masters: () => this.#lanes.reads.link.masters,
      ready: () => this.#lanes.reads.link.admit('connect'),
      asError: (error) => this.#lanes.reads.link.asStoreError(error, 'tell the time'),
    });
    this.#lanes = { reads: this.#openLane('reads'), changes: this.#openLane('changes') };
    this.#health = new HealthWatch(this.#lanes.reads.link, clock, this.server);
    this.#watch =
      settings.mode === 'sentinel' ? watchSentinels(settings, clock, () => this.#reconnect()) : undefined;
  }

  /** Host and port, or several; never a secret. */
  get server(): string {
    const { addresses, masterName } = this.#settings;
    const list = addresses
      .map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`))
      .join(',');
    return masterName === undefined ? list : `${masterName}@${list}`;
  }

  get prefix(): string {
    return this.#settings.prefix;
  }

  get db(): number {
    return this.#settings.db;
  }

  /** Resolves when everything is connected; rejects with the reason when the first attempt failed, while further ones go on. */
  async ready(): Promise<void> {
    await Promise.all([this.#lanes.reads.link.admit('connect'), this.#lanes.changes.link.admit('connect')]);
    await this.#serverClock.pending;
  }

  /** From INFO, of every master in Cluster. Answers within its limit and never rejects. */
  health(question: HealthQuestion = {}): Promise<Health> {
    return this.#health.ask(question);
  }

  /** Lets what is under way finish, for at most `limitMs`, and leaves nothing open. Calls after it reject with `Closed`. */
  close(limitMs = 2_000): Promise<void> {
    this.#closing ??= this.#close(limitMs);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #openLane(role: Role): Lane {
    const { settings, server } = { settings: this.#settings, server: this.server };
    const tell = (state: 'up' | 'down', error?: unknown): void => {
      if (redisConnectionChanges.active) redisConnectionChanges.emit({ server, role, state, error });
    };
    const sample = (): void => {
      if (role === 'reads') this.#serverClock.sample().catch(() => undefined);
    };
    const link = new Link({
      client: openClient(settings, role),
      clock: this.#clock,
      server,
      username: settings.username,
      connectTimeoutMs: settings.connectTimeoutMs,
      responseTimeoutMs: settings.responseTimeoutMs,
      onUp: () => {
        sample();
        tell('up');
      },
      onDown: (error) => tell('down', error),
      onNode: sample,
    });
    return new Lane(link);
  }

  async #openSubscriber(slot: number): Promise<Redis> {
    const { link } = this.#lanes.changes;
    await link.refresh();
    if (this.#closing !== undefined) throw new Closed(`The connection to Redis at ${this.server}`);
    const subscriber = openSubscriber(this.#settings, link.holderOf(slot));
    this.#subscribers.add(subscriber);
    subscriber.once('end', () => this.#subscribers.delete(subscriber));
    return subscriber;
  }

  /** The subscribers too: theirs is the old master, which may never say another word. */
  #reconnect(): void {
    this.#lanes.reads.link.reconnect();
    this.#lanes.changes.link.reconnect();
    for (const subscriber of this.#subscribers) disconnect(subscriber);
  }

  async #close(limitMs: number): Promise<void> {
    this.#serverClock.stop();
    const { reads, changes } = this.#lanes;
    await Promise.all([
      this.#watch?.close(limitMs),
      reads.link.close(limitMs),
      changes.link.close(limitMs),
      ...[...this.#subscribers].map((subscriber) => endClient(subscriber, this.#clock, limitMs)),
    ]);
  }
}
