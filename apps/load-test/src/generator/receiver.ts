import { WebSocket } from 'ws';
import type { Random } from '@parley/services';
import type { ServerFrameOf } from '@parley/hub-protocol';
import { machineNow } from '../measure/clock.ts';
import { Book } from './book.ts';
import type { ChannelRecord } from './channel-record.ts';
import type { Figures } from './figures.ts';
import { presenceName, typingName, type Moments } from './moments.ts';
import { Outbox, type Outgoing } from './outbox.ts';
import type { AgentPlan, ChannelPlan } from './protocol.ts';
import type { FrameReader, Seen, SeenEvent } from './read-frames.ts';

/** What all receivers of a process share. */
export interface Shared {
  readonly urls: readonly string[];
  readonly channels: readonly ChannelPlan[];
  readonly placeOf: ReadonlyMap<string, number>;
  readonly records: readonly ChannelRecord[];
  readonly figures: Figures;
  readonly moments: Moments;
  readonly reader: FrameReader;
  readonly random: Random;
  readonly onAck: (outgoing: Outgoing, ack: ServerFrameOf<'ack'>) => void;
  /** From when on what is delivered shows that all goes well again. */
  readonly resumesSince: () => number | undefined;
}

const retryMs = 250;
const mostRetryMs = 5_000;
const firstPauseMs = 100;
const mostPauseMs = 2_000;

/** One connection that stays: it keeps its place in each channel, connects again, and says again what was not answered. */
export class Receiver {
  readonly plan: AgentPlan;
  readonly outbox = new Outbox();
  readonly books = new Map<number, Book>();
  readonly #shared: Shared;
  readonly #begun = Promise.withResolvers<void>();
  readonly #live = new Set<number>();
  #ws: WebSocket | undefined;
  #epoch: string | undefined;
  #welcome = false;
  #closed = false;
  #cutByUs = false;
  #attempt = 0;
  #pauseMs: number | undefined;
  #lostAt: number | undefined;
  #heardAt = 0;
  #heartbeatMs = 30_000;
  #resumed: number | undefined;
  /** Stood still once: when it was given something says nothing about the hub. */
  #slow = false;

  constructor(plan: AgentPlan, shared: Shared) {
    this.plan = plan;
    this.#shared = shared;
  }

  get live(): boolean {
    return this.#welcome && this.#live.size === this.plan.channels.length;
  }

  /** Resolves when it is live for the first time. */
  begin(): Promise<void> {
    this.#connect();
    return this.#begun.promise;
  }

  say(outgoing: Outgoing): void {
    const line = this.outbox.add(outgoing);
    if (this.#welcome) this.#ws?.send(line);
  }

  /** What is not answered, and of no use later. False: nobody was there to hear it. */
  whisper(frame: object): boolean {
    if (!this.#welcome) return false;
    this.#ws?.send(JSON.stringify(frame));
    return true;
  }

  cut(): void {
    this.#cutByUs = true;
    this.#ws?.terminate();
  }

  /** Takes nothing more from the network, or goes on. */
  stall(still: boolean): void {
    this.#slow = true;
    if (still) this.#ws?.pause();
    else this.#ws?.resume();
  }

  /** As the protocol asks of who has heard nothing. */
  beat(now: number): void {
    if (!this.#welcome || this.#ws?.isPaused === true) return;
    const silent = now - this.#heardAt;
    if (silent > 2 * this.#heartbeatMs) this.#ws?.terminate();
    else if (silent > this.#heartbeatMs) this.whisper({ type: 'ping' });
  }

  close(): void {
    this.#closed = true;
    this.#ws?.terminate();
  }

  #connect(): void {
    const { urls } = this.#shared;
    const url = urls[(this.plan.index + this.#attempt) % urls.length] ?? '';
    const ws = new WebSocket(`${url.replace(/^http/u, 'ws')}/api/v1/socket`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: 20_000,
    });
    this.#ws = ws;
    ws.on('error', () => undefined);
    ws.on('open', () => ws.send(JSON.stringify(this.#hello())));
    ws.on('message', (data) => {
      this.#heardAt = machineNow();
      if (Buffer.isBuffer(data))
        for (const seen of this.#shared.reader.read(data)) this.#take(seen, this.#heardAt);
    });
    ws.on('close', () => this.#lost());
  }

  #hello(): object {
    const { token } = this.plan;
    const positions = Object.fromEntries(
      Array.from(this.books, ([place, book]) => [this.#idOf(place), book.last]),
    );
    const resume = this.#epoch === undefined ? {} : { epoch: this.#epoch, positions };
    // As clients do: the channels of an agent are those that were made for it.
    return { type: 'hello', version: 1, token, subscribe: 'joined', client: 'parley-load', ...resume };
  }

  #lost(): void {
    if (this.#closed) return;
    if (this.#welcome) {
      this.#lostAt = machineNow();
      if (!this.#cutByUs) this.#shared.figures.count('lostConnections');
    }
    this.#cutByUs = false;
    this.#welcome = false;
    this.#live.clear();
    // As clients do: the more in vain, the later, and not all at the same moment.
    const most = Math.min(mostPauseMs, firstPauseMs * 2 ** Math.min(10, this.#attempt));
    this.#attempt += 1;
    setTimeout(
      () => {
        if (!this.#closed) this.#connect();
      },
      (this.#pauseMs ?? 0) + this.#shared.random.next() * most,
    );
    this.#pauseMs = undefined;
  }

  #take(seen: Seen, now: number): void {
    if (seen.type === 'logged') this.#event(seen, now);
    else if (seen.type === 'ack') this.#answered(seen);
    else if (seen.type === 'event') this.#moment(seen, now);
    else if (seen.type === 'error') this.#refused(seen);
    else if (seen.type === 'welcome') this.#welcomed(seen, now);
    else if (seen.type === 'caught_up') this.#caughtUp(seen, now);
    else if (seen.type === 'resync') {
      this.#shared.figures.count('resyncs');
      this.#epoch = seen.epoch;
      this.books.get(this.#shared.placeOf.get(seen.channelId) ?? -1)?.resync(seen.seq);
    } else if (seen.type === 'goodbye') this.#pauseMs = seen.reconnectAfter;
  }

  #event({ channelId, seq, number, due }: SeenEvent, now: number): void {
    const { placeOf, records, figures, resumesSince } = this.#shared;
    const place = placeOf.get(channelId);
    const book = place === undefined ? undefined : this.books.get(place);
    if (place === undefined || book === undefined || !book.take(seq)) return;
    if (records[place]?.note(seq, number) === false) figures.count('altered');
    if (number === 0) return;
    figures.count('delivered');
    if (this.#slow) return;
    figures.time('delivery', due, now);
    const since = resumesSince();
    if (since === undefined || since === this.#resumed || due < since) return;
    this.#resumed = since;
    figures.time('resume', since, now);
  }

  #answered(ack: ServerFrameOf<'ack'>): void {
    const outgoing = this.outbox.answered(ack.ref);
    if (outgoing !== undefined) this.#shared.onAck(outgoing, ack);
  }

  #refused({ ref, error }: ServerFrameOf<'error'>): void {
    const { figures, random } = this.#shared;
    const failures = ref === undefined ? undefined : this.outbox.failed(ref);
    if (ref === undefined || failures === undefined) return figures.refused(error.code);
    if (!error.retryable) {
      this.outbox.answered(ref);
      return figures.refused(error.code);
    }
    const pause = Math.min(mostRetryMs, retryMs * 2 ** (failures - 1)) * (0.5 + random.next());
    setTimeout(
      () => {
        const line = this.outbox.line(ref);
        if (line === undefined || !this.#welcome) return;
        figures.count('resent');
        this.#ws?.send(line);
      },
      Math.max(pause, error.retryAfter ?? 0),
    );
  }

  #welcomed({ epoch, heartbeat }: ServerFrameOf<'welcome'>, now: number): void {
    this.#epoch ??= epoch;
    this.#heartbeatMs = heartbeat;
    this.#welcome = true;
    this.#attempt = 0;
    this.#shared.figures.count('connections');
    const lines = this.outbox.lines();
    this.#shared.figures.count('resent', lines.length);
    for (const line of lines) this.#ws?.send(line);
    for (const place of this.plan.watches) this.whisper({ type: 'watch', channelId: this.#idOf(place) });
    // Who is in no channel has nothing to catch up with.
    if (this.live) this.#isBack(now);
  }

  #caughtUp({ channelId, seq }: ServerFrameOf<'caught_up'>, now: number): void {
    const place = this.#shared.placeOf.get(channelId);
    if (place === undefined) return;
    if (!this.books.has(place)) this.books.set(place, new Book(seq));
    this.#live.add(place);
    if (this.live) this.#isBack(now);
  }

  #isBack(now: number): void {
    this.#begun.resolve();
    if (this.#lostAt !== undefined) this.#shared.figures.time('reconnect', this.#lostAt, now);
    this.#lostAt = undefined;
  }

  #moment({ event }: ServerFrameOf<'event'>, now: number): void {
    const { moments } = this.#shared;
    const hearer = this.plan.index;
    if (event.type === 'channel.typing' && event.state === 'start')
      moments.heard('typing', typingName(event.channelId, event.userId), hearer, now);
    else if (event.type === 'channel.presence') {
      const { userId, status } = event.presence;
      moments.heard('presence', presenceName(event.channelId, userId, status), hearer, now);
    }
  }

  #idOf(place: number): string {
    return this.#shared.channels[place]?.id ?? '';
  }
}
