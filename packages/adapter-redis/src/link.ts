import {
  Closed,
  StoreUnavailable,
  withDeadline,
  type Clock,
  type ParleyError,
} from '@parley/cache-core/kernel';
import { Cluster, type Redis } from 'ioredis';
import type { Address } from './config-check.ts';
import { disconnect, endClient } from './ending.ts';
import { asStoreError, withoutArguments } from './errors.ts';
import type { Client } from './roles.ts';
import { SilenceWatch } from './silence.ts';

export interface LinkOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** The server, without secrets. */
  readonly server: string;
  readonly username: string | undefined;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
  /** It can be used (again). */
  readonly onUp?: () => void;
  readonly onDown?: (error: unknown) => void;
  /** A node of the cluster appeared. */
  readonly onNode?: () => void;
}

const reviveMs = 500;

/**
 * The life of one client of the driver: it comes up by itself, and for ever; calls wait for the first attempt, and are refused at once
 * while it is away later. Nothing it tells goes unheard, and nothing secret is told on.
 */
export class Link {
  readonly client: Client;
  readonly #options: LinkOptions;
  readonly #first: Promise<void>;
  readonly #silence: SilenceWatch;
  readonly #risen = Promise.withResolvers<void>();
  #up = false;
  #tried = false;
  #closed = false;
  #lastError: unknown;
  #masters: ReadonlySet<string> = new Set();

  constructor(options: LinkOptions) {
    const { client } = options;
    this.client = client;
    this.#options = options;
    const remember = (error: unknown): void => {
      this.#lastError = withoutArguments(error);
    };
    client.on('error', remember);
    client.on('node error', remember);
    client.on('ready', () => void this.#rise());
    for (const event of ['close', 'end']) client.on(event, () => this.#fall());
    client.on('end', () => this.#revive());
    client.on('refresh', () => this.#learnMasters());
    client.on('+node', () => {
      this.#learnMasters();
      if (this.#up) options.onNode?.();
    });
    this.#silence = new SilenceWatch({
      clock: options.clock,
      limitMs: options.responseTimeoutMs,
      nodes: () => (client instanceof Cluster ? client.nodes() : [client]),
    });
    this.#first = this.#connect();
  }

  get up(): boolean {
    return this.#up;
  }

  /** Who holds slots, connected or not, as `host:port`; in Cluster only. */
  get masters(): ReadonlySet<string> {
    return this.#masters;
  }

  /** The masters that are connected, or about to be. */
  get nodes(): readonly Redis[] {
    return this.client instanceof Cluster ? this.client.nodes('master') : [this.client];
  }

  /** The node that holds a slot; undefined where there is only one, or it is not known. */
  holderOf(slot: number): Address | undefined {
    if (!(this.client instanceof Cluster)) return undefined;
    const { host, port } =
      /^(?<host>.*):(?<port>\d+)$/.exec(this.client.slots[slot]?.[0] ?? '')?.groups ?? {};
    return host === undefined ? undefined : { host, port: Number(port) };
  }

  /** Resolves when it is up, after the first attempt at the latest; rejects with why it is not. */
  async admit(what: string): Promise<void> {
    if (!this.#closed && !this.#tried) await this.#first;
    if (!this.#up) throw this.#refusal(what);
  }

  /** Asks the cluster who holds what; resolves when it has answered, or will not. */
  refresh(): Promise<void> {
    const { client } = this;
    if (!(client instanceof Cluster) || this.#closed || client.status !== 'ready') return Promise.resolve();
    return new Promise((resolve) => {
      client.refreshSlotsCache(() => resolve());
    });
  }

  /** Makes the connection anew, as after news that the master is another one. */
  reconnect(): void {
    const { client } = this;
    if (client instanceof Cluster) void this.refresh();
    // While it is only connecting, disconnecting would end the client for good.
    else if (client.status === 'ready' || client.status === 'connect') disconnect(client, true);
  }

  /** Waits for what is under way, not longer than `limitMs`. */
  async close(limitMs: number): Promise<void> {
    this.#closed = true;
    const { clock } = this.#options;
    // What was asked in this turn is not sent yet.
    await new Promise(setImmediate);
    const wasUp = this.#up;
    this.#up = false;
    // Answered when everything before it is.
    if (wasUp) await withDeadline(limitMs, () => this.client.quit(), { clock }).catch(() => undefined);
    this.#silence.stop();
    await endClient(this.client, clock, limitMs);
  }

  asStoreError(error: unknown, what: string): ParleyError {
    const { server, username } = this.#options;
    return asStoreError(error, { what, server, username });
  }

  #refusal(what: string): ParleyError {
    const { server } = this.#options;
    if (this.#closed) return new Closed(`The connection to Redis at ${server}`);
    if (this.#lastError !== undefined) return this.asStoreError(this.#lastError, what);
    return new StoreUnavailable(`Redis at ${server} could not ${what}: not connected`, {
      evidence: { server, operation: what },
    });
  }

  /** Settles with the first attempt, however it ends, and never rejects. */
  async #connect(): Promise<void> {
    const { clock, connectTimeoutMs } = this.#options;
    const attempt = async (): Promise<void> => {
      await this.client.connect();
      await this.#rise();
    };
    try {
      // The driver forgets the promise of an attempt that it follows up with another one.
      const either = (): Promise<void> => Promise.race([attempt(), this.#risen.promise]);
      await withDeadline(connectTimeoutMs, either, { clock, what: 'connecting' });
    } catch (error) {
      this.#lastError ??= withoutArguments(error);
    }
    this.#tried = true;
  }

  async #rise(): Promise<void> {
    // A cluster is ready when its slots are known; its nodes are still connecting, and would refuse.
    if (this.client instanceof Cluster) await Promise.all(this.client.nodes('master').map(settled));
    if (this.#up || this.#closed || this.client.status !== 'ready') return;
    this.#up = true;
    this.#lastError = undefined;
    this.#risen.resolve();
    this.#options.onUp?.();
  }

  #learnMasters(): void {
    if (this.client instanceof Cluster)
      this.#masters = new Set(this.client.slots.map(([master = '']) => master));
  }

  #fall(): void {
    if (!this.#up) return;
    this.#up = false;
    if (!this.#closed) this.#options.onDown?.(this.#lastError);
  }

  /** The driver gives a client up for good when it is disconnected at the wrong moment; we never do. */
  #revive(): void {
    if (this.#closed) return;
    const again = (): void => {
      if (!this.#closed && this.client.status === 'end') this.client.connect().catch(() => undefined);
    };
    this.#options.clock.timer(reviveMs, again, { unref: true });
  }
}

/** How the driver names a node. */
export const nameOfNode = ({ options: { host, port } }: Pick<Redis, 'options'>): string => `${host}:${port}`;

/** Resolves when the connection is up or lost. */
function settled(node: Redis): Promise<void> {
  return new Promise((resolve) => {
    if (node.status === 'ready' || node.status === 'end') resolve();
    else {
      node.once('ready', resolve);
      node.once('end', resolve);
    }
  });
}
