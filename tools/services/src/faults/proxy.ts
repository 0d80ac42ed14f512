import type { Socket } from 'node:net';
import { LoopbackListener } from './loopback-listener.ts';
import { FaultState, type Direction } from './fault-state.ts';
import { ProxyConnection } from './proxy-connection.ts';
import { ReplyLossRule, type ReplyLoss, type ReplyLossOptions } from './reply-loss.ts';

export type { ReplyLoss, ReplyLossOptions } from './reply-loss.ts';

export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
  /** When given, `proxy.url` is this with the proxy's host and port. */
  readonly url?: string;
}

export interface ProxyCounters {
  /** Accepted since the start. */
  readonly connections: number;
  /** Not yet gone on both sides. */
  readonly open: number;
  readonly requestBytes: number;
  readonly replyBytes: number;
  /** Bytes of both directions that a fault threw away. */
  readonly swallowedBytes: number;
  readonly lostReplies: number;
}

/** Stands between a client and a server on loopback; each fault is one call, and holds until `heal()`. */
export interface FaultProxy extends AsyncDisposable {
  readonly host: string;
  /** The same for the whole life of the proxy. */
  readonly port: number;
  readonly url: string;
  readonly counters: ProxyCounters;
  /** New connections get ECONNREFUSED; open ones continue (add `cut()` for a dead server). */
  refuse(): void;
  /** Connections are accepted and stay open, and nothing passes in either direction, not even their end. */
  blackHole(): void;
  /** Requests reach the server, the replies vanish. */
  dropReplies(options?: ReplyLossOptions): ReplyLoss;
  /** `dropReplies` for one reply, by default followed by a reset as after a lost connection. */
  dropNextReply(match?: (request: Buffer) => boolean, afterwards?: 'silence' | 'cut'): ReplyLoss;
  /** RST to both sides of every connection; new connections are served. */
  cut(): void;
  /**
   * Every chunk arrives `ms` later, in order. `heal()` delivers what is waiting: a long delay and a `heal()` make a
   * command run long after its client gave up.
   * @param direction default `'both'`: a round trip takes twice `ms`
   */
  delay(ms: number, direction?: Direction | 'both'): void;
  /** Every chunk arrives in pieces of at most so many bytes. */
  slice(bytes: number): void;
  /** New connections go to another server from now on, as when an address moves at failover. */
  retarget(target: ProxyTarget): void;
  /** Ends every fault. A connection that lost bytes is reset, all others continue. */
  heal(): Promise<void>;
  /** Stops listening and resets every connection. */
  close(): Promise<void>;
}

export async function startProxy({ target }: { readonly target: ProxyTarget }): Promise<FaultProxy> {
  const proxy = new TcpFaultProxy(target);
  await proxy.open();
  return proxy;
}

class TcpFaultProxy implements FaultProxy {
  readonly host = '127.0.0.1';
  readonly #listener = new LoopbackListener((socket) => this.#accept(socket));
  readonly #connections = new Map<ProxyConnection, PromiseWithResolvers<void>>();
  readonly #counters = { connections: 0, requestBytes: 0, replyBytes: 0, swallowedBytes: 0, lostReplies: 0 };
  readonly #faults: FaultState;
  #closed = false;

  constructor(target: ProxyTarget) {
    this.#faults = new FaultState(target);
  }

  get port(): number {
    return this.#listener.port;
  }

  get url(): string {
    const url = new URL(this.#faults.target.url ?? 'tcp://host');
    url.hostname = this.host;
    url.port = String(this.port);
    return url.href;
  }

  get counters(): ProxyCounters {
    return { ...this.#counters, open: this.#connections.size };
  }

  open(): Promise<void> {
    return this.#listener.open();
  }

  refuse(): void {
    this.#listener.close();
  }

  blackHole(): void {
    this.#faults.blackHole = true;
    for (const connection of this.#connections.keys()) connection.swallowInFlight();
  }

  dropReplies(options: ReplyLossOptions = {}): ReplyLoss {
    const rule = new ReplyLossRule(options);
    this.#faults.loseReplies(rule);
    return rule;
  }

  dropNextReply(match?: (request: Buffer) => boolean, afterwards: 'silence' | 'cut' = 'cut'): ReplyLoss {
    return this.dropReplies({ count: 1, afterwards, ...(match === undefined ? {} : { match }) });
  }

  cut(): void {
    for (const connection of this.#connections.keys()) connection.reset();
  }

  delay(ms: number, direction: Direction | 'both' = 'both'): void {
    if (!(Number.isFinite(ms) && ms >= 0)) throw new RangeError(`delay: ms must be 0 or more, not ${ms}`);
    this.#faults.delay(ms, direction);
  }

  slice(bytes: number): void {
    if (!(Number.isInteger(bytes) && bytes > 0)) {
      throw new RangeError(`slice: bytes must be a whole number above 0, not ${bytes}`);
    }
    this.#faults.sliceBytes = bytes;
  }

  retarget(target: ProxyTarget): void {
    this.#faults.target = target;
  }

  async heal(): Promise<void> {
    if (this.#closed) throw new Error('This fault proxy is closed');
    this.#faults.clear();
    for (const connection of this.#connections.keys()) connection.heal();
    await this.#listener.open();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#faults.clear();
    this.#listener.close();
    this.cut();
    await Promise.all([...this.#connections.values()].map(({ promise }) => promise));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(socket: Socket): void {
    this.#counters.connections += 1;
    const gone = Promise.withResolvers<void>();
    const connection = new ProxyConnection(socket, this.#faults, {
      delivered: (direction, bytes) => {
        this.#counters[direction === 'requests' ? 'requestBytes' : 'replyBytes'] += bytes;
      },
      swallowed: (bytes) => {
        this.#counters.swallowedBytes += bytes;
      },
      replyLost: () => {
        this.#counters.lostReplies += 1;
      },
      closed: () => {
        this.#connections.delete(connection);
        gone.resolve();
      },
    });
    this.#connections.set(connection, gone);
    // Accepted by the kernel before close(), handed over after it.
    if (this.#closed) connection.reset();
  }
}
