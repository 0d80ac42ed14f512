import { connect, type Socket } from 'node:net';
import type { Direction, FaultState } from './fault-state.ts';
import { Lane } from './proxy-lane.ts';
import type { ReplyLossRule } from './reply-loss.ts';
import { resetSocket } from './reset-socket.ts';

export interface ConnectionEvents {
  delivered(direction: Direction, bytes: number): void;
  swallowed(bytes: number): void;
  replyLost(): void;
  closed(): void;
}

/**
 * A client's connection and its counterpart at the server.
 *
 * Obligation: a stream with a hole is never continued. A side from which bytes (or a FIN) were swallowed would take the
 * next reply for the answer to another command, which no network does; such a connection is reset when the fault ends.
 */
export class ProxyConnection {
  readonly #client: Socket;
  readonly #faults: FaultState;
  readonly #events: ConnectionEvents;
  #server: Socket | undefined;
  #requests: Lane | undefined;
  #replies: Lane | undefined;
  #awaiting: ReplyLossRule | undefined;
  #muted = false;
  #broken = false;

  constructor(client: Socket, faults: FaultState, events: ConnectionEvents) {
    this.#client = client;
    this.#faults = faults;
    this.#events = events;
    client.setNoDelay(true);
    client.on('data', (bytes: Buffer) => this.#fromClient(bytes));
    client.on('end', () => this.#clientEnded());
    client.on('error', () => this.#lostSide(this.#server, false));
    client.on('close', () => this.#settle());
    if (!faults.blackHole) this.#dial();
  }

  /** RST to both sides. */
  reset(): void {
    this.#requests?.discard();
    this.#replies?.discard();
    resetSocket(this.#client);
    if (this.#server !== undefined) resetSocket(this.#server);
  }

  /** What is on its way when the black hole opens is lost too. */
  swallowInFlight(): void {
    const requests = this.#requests?.discard() ?? false;
    const replies = this.#replies?.discard() ?? false;
    this.#broken ||= requests || replies;
  }

  heal(): void {
    this.#awaiting = undefined;
    if (this.#broken) return this.reset();
    if (this.#server === undefined) this.#dial();
    this.#requests?.hurry();
    this.#replies?.hurry();
  }

  #dial(): void {
    const { host, port } = this.#faults.target;
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    this.#server = server;
    this.#requests = this.#lane('requests', this.#client, server);
    this.#replies = this.#lane('replies', server, this.#client);
    server.on('data', (bytes: Buffer) => this.#fromServer(bytes));
    server.on('end', () => this.#serverEnded());
    server.on('error', () => this.#lostSide(this.#client, this.#muted));
    server.on('close', () => this.#settle());
  }

  #lane(direction: Direction, source: Socket, sink: Socket): Lane {
    return new Lane({
      source,
      sink,
      shape: () => this.#faults.shape(direction),
      delivered: (bytes) => this.#events.delivered(direction, bytes),
    });
  }

  #fromClient(bytes: Buffer): void {
    if (this.#faults.blackHole) return this.#swallow(bytes);
    if (this.#faults.replyLoss?.claimsRequest(bytes) === true) this.#awaiting = this.#faults.replyLoss;
    this.#requests?.push(bytes);
  }

  #fromServer(bytes: Buffer): void {
    if (this.#faults.blackHole || this.#muted) return this.#swallow(bytes);
    const rule =
      this.#awaiting ?? (this.#faults.replyLoss?.claimsReply() === true ? this.#faults.replyLoss : undefined);
    if (rule === undefined) {
      this.#replies?.push(bytes);
      return;
    }
    this.#swallow(bytes);
    this.#muted = true;
    this.#replies?.discard();
    this.#events.replyLost();
    if (rule.afterwards === 'cut') {
      resetSocket(this.#client);
      // FIN, not RST: requests that the server has already received still run.
      this.#requests?.end();
    }
    rule.happened();
  }

  #clientEnded(): void {
    if (this.#faults.blackHole) this.#broken = true;
    else this.#requests?.end();
  }

  #serverEnded(): void {
    if (this.#faults.blackHole || this.#muted) this.#broken = true;
    else this.#replies?.end();
    // Nobody is left to answer, so nothing may keep the server's half open.
    if (this.#client.destroyed) this.#server?.end();
  }

  /** One side failed: the other learns it, unless a fault keeps the news from it. */
  #lostSide(other: Socket | undefined, hidden: boolean): void {
    if (this.#faults.blackHole || hidden) this.#broken = true;
    else if (other !== undefined && !(this.#muted && this.#client.destroyed)) resetSocket(other);
  }

  #swallow(bytes: Buffer): void {
    this.#broken = true;
    this.#events.swallowed(bytes.length);
  }

  #settle(): void {
    if (this.#client.destroyed && (this.#server?.destroyed ?? true)) this.#events.closed();
  }
}
