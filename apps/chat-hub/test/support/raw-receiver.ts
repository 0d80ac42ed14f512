import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerFrame } from '@parley/hub-protocol';
import type { LedgerPlace } from '@parley/services';
import { WebSocket } from 'ws';
import { idOf, type Notes } from './notes.ts';

export interface RawReceiverOptions {
  readonly name: string;
  /** Asked for each connection. */
  readonly url: () => string;
  readonly token: string;
  readonly channels: readonly string[];
  readonly open: (channelId: string, start: LedgerPlace) => Notes;
  /** Between the end of a connection and the next attempt. @default 20 */
  readonly pauseMs?: number;
}

/** Keeps no more than its place in each channel, and follows the protocol to the letter: whatever it is sent twice is noted twice. */
export class RawReceiver {
  readonly #options: RawReceiverOptions;
  readonly #begun = Promise.withResolvers<void>();
  readonly #books = new Map<string, Notes>();
  readonly #places = new Map<string, number>();
  readonly #live = new Set<string>();
  /** Told to begin anew in an epoch that is not that of all channels yet. */
  readonly #turned = new Set<string>();
  readonly #over: Promise<void>;
  #epoch: string | undefined;
  #ws: WebSocket | undefined;
  #closed = false;
  #connections = 0;

  constructor(options: RawReceiverOptions) {
    this.#options = options;
    this.#over = this.#stay();
  }

  get name(): string {
    return this.#options.name;
  }

  /** Resolves when it is live in all of its channels for the first time. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** Whether it has caught up, on the connection that it has now. */
  get live(): boolean {
    return this.#live.size === this.#options.channels.length;
  }

  /** How often it was welcomed. */
  get connections(): number {
    return this.#connections;
  }

  /** Takes nothing more from the network, as a machine does that hangs; what arrives fills the buffers between here and the hub. */
  stall(): void {
    this.#ws?.pause();
  }

  goOn(): void {
    this.#ws?.resume();
  }

  /** Loses its connection, and connects again. */
  cut(): void {
    this.#ws?.terminate();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ws?.terminate();
    await this.#over;
  }

  async #stay(): Promise<void> {
    while (!this.#closed) {
      await this.#connect();
      await sleep(this.#options.pauseMs ?? 20);
    }
  }

  /** Resolves when the connection is over. */
  async #connect(): Promise<void> {
    const { url, token, channels } = this.#options;
    const address = `${url().replace(/^http/, 'ws')}/api/v1/socket`;
    const ws = new WebSocket(address, { perMessageDeflate: false, handshakeTimeout: 30_000 });
    this.#ws = ws;
    ws.on('error', () => undefined);
    ws.on('open', () => {
      const positions = Object.fromEntries(this.#places);
      const resume = this.#epoch === undefined ? {} : { epoch: this.#epoch, positions };
      ws.send(JSON.stringify({ type: 'hello', version: 1, token, subscribe: channels, ...resume }));
    });
    ws.on('message', (data) => {
      const text = Buffer.isBuffer(data) ? data.toString() : '';
      for (const line of text.split('\n')) this.#take(JSON.parse(line));
    });
    await new Promise((resolve) => void ws.once('close', resolve));
    this.#live.clear();
  }

  #take(frame: ServerFrame): void {
    if (frame.type === 'welcome') {
      this.#connections += 1;
      this.#epoch ??= frame.epoch;
    } else if (frame.type === 'resync')
      this.#turn(frame.channelId, { epoch: frame.epoch, offset: frame.seq });
    else if (frame.type === 'caught_up') this.#caughtUp(frame.channelId, frame.seq);
    else if (frame.type === 'event' && frame.channelId !== null && frame.seq !== undefined) {
      const { channelId, seq, epoch = '' } = frame;
      this.#books.get(channelId)?.event(idOf(frame.event, seq), { epoch, offset: seq });
      this.#places.set(channelId, seq);
    }
  }

  #turn(channelId: string, to: LedgerPlace): void {
    this.#places.set(channelId, to.offset);
    this.#books.get(channelId)?.turn(to);
    if (to.epoch === this.#epoch) return;
    // Until all have turned, the places of the others are of the epoch before, and so is what `hello` says.
    this.#turned.add(channelId);
    if (this.#turned.size < this.#options.channels.length) return;
    this.#turned.clear();
    this.#epoch = to.epoch;
  }

  #caughtUp(channelId: string, seq: number): void {
    if (!this.#books.has(channelId)) {
      this.#places.set(channelId, seq);
      this.#books.set(channelId, this.#options.open(channelId, { epoch: this.#epoch ?? '', offset: seq }));
    }
    this.#live.add(channelId);
    if (this.live) this.#begun.resolve();
  }
}
