import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import type { Random } from '../src/random.ts';
import { until } from '../src/until.ts';
import { BrokenPromiseError, type RedisLedger } from './redis-ledger.ts';

const COMMAND_TIMEOUT_MS = 250;
/** The promise of the client, and what a busy machine may add. The longest faults last longer. */
const DEADLINE_MS = COMMAND_TIMEOUT_MS + 1_000;
const RECOVERY_MS = 15_000;
const MOST_IN_FLIGHT = 50;
const CHANNEL = 'news';

/** The three clients of a process: reads may be tried again, changes are sent at most once, the subscriber never gives up. */
const ROLES = {
  reads: { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 1, enableOfflineQueue: false },
  changes: { commandTimeout: COMMAND_TIMEOUT_MS, maxRetriesPerRequest: 0, enableOfflineQueue: false },
  subscriber: { maxRetriesPerRequest: null },
} satisfies Record<string, RedisOptions>;

type Role = keyof typeof ROLES;

/** Commands of all three roles, sent without a break; the first promise that is broken ends them. */
export class RedisLoad {
  readonly #clients: Record<Role, Redis>;
  readonly #ledger: RedisLedger;
  readonly #random: Random;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #ended = new AbortController();
  #broken: Error | undefined;
  #sending: Promise<void> | undefined;

  constructor(url: string, ledger: RedisLedger, random: Random) {
    const open = (role: Role): Redis => {
      const client = new Redis(url, { ...ROLES[role], connectionName: role, retryStrategy: () => 20 });
      // Expected all the time; what counts is what becomes of the commands.
      client.on('error', () => undefined);
      return client;
    };
    this.#clients = { reads: open('reads'), changes: open('changes'), subscriber: open('subscriber') };
    this.#ledger = ledger;
    this.#random = random;
  }

  async start(): Promise<void> {
    const { subscriber } = this.#clients;
    subscriber.on('message', (_channel: string, message: string) => {
      try {
        this.#ledger.receive(message);
      } catch (error) {
        this.#break(error instanceof Error ? error : new Error(String(error)));
      }
    });
    await subscriber.subscribe(CHANNEL);
    await this.recovered('the start');
    this.#sending = this.#send();
  }

  /** Throws what was broken so far. */
  check(): void {
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Resolves when a read and a change succeed and a message arrives. */
  async recovered(after: string): Promise<void> {
    const works = async (): Promise<boolean> => {
      if (this.#broken !== undefined) return true;
      await this.#clients.reads.get('anything');
      await this.#count();
      const message = this.#ledger.publish();
      await this.#clients.changes.publish(CHANNEL, message);
      return until(() => this.#ledger.hasReceived(message), {
        what: 'the message arrives',
        deadline: 500,
        every: 2,
      });
    };
    await until(works, { what: `all clients work again after ${after}`, deadline: RECOVERY_MS });
    this.check();
  }

  /** Resolves when every command has settled and every connection is closed. */
  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#sending;
    await Promise.all(this.#inFlight);
    for (const client of Object.values(this.#clients)) client.disconnect();
  }

  async #send(): Promise<void> {
    while (!this.#ended.signal.aborted) {
      if (this.#inFlight.size < MOST_IN_FLIGHT) this.#track(this.#command());
      await sleep(this.#random.between(1, 8));
    }
  }

  #command(): Promise<unknown> {
    const { reads, changes } = this.#clients;
    switch (this.#random.between(0, 3)) {
      case 0:
        return reads.get('anything');
      case 1:
        return changes.publish(CHANNEL, this.#ledger.publish());
      case 2:
        return this.#count();
      default:
        return this.#ledger.mark((key, field) => changes.hincrby(key, field, 1));
    }
  }

  #count(): Promise<void> {
    return this.#ledger.count((key) => this.#clients.changes.incr(key));
  }

  /** A command may fail, but it must settle. */
  #track(command: Promise<unknown>): void {
    const sent = performance.now();
    const timer = setTimeout(() => {
      this.#break(
        new BrokenPromiseError(
          `a command had not settled ${Math.round(performance.now() - sent)} ms after it was sent`,
        ),
      );
    }, DEADLINE_MS);
    const settled = command
      .then(
        () => undefined,
        (error: unknown) => {
          if (error instanceof BrokenPromiseError) this.#break(error);
        },
      )
      .finally(() => {
        clearTimeout(timer);
        this.#inFlight.delete(settled);
      });
    this.#inFlight.add(settled);
  }

  #break(error: Error): void {
    this.#broken ??= error;
    this.#ended.abort();
  }
}
