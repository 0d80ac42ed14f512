import {
  Closed,
  exponentialBackoff,
  type Backoff,
  type Clock,
  type Random,
  type Timer,
} from '@parley/cache-core/kernel';
import { HubError, isHubError, type ClientFrameOf, type Message, type ReadFrame } from '@parley/hub-protocol';
import type { Outgoing } from './state.ts';

export type SendFrame = ClientFrameOf<'send'>;

export interface OutboxOptions {
  readonly giveUpMs: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Whether it is on its way; throws what makes sending it useless. */
  readonly send: (frame: SendFrame) => boolean;
  /** Acknowledged, with the message as it is in the log. */
  readonly onAcknowledged: (message: Message, seq: number) => void;
  readonly onChanged: (channelId: string) => void;
}

interface Entry {
  row: Outgoing;
  readonly frame: SendFrame;
  settled: PromiseWithResolvers<Message>;
  /** Until when it is tried, by the monotonic clock. */
  until: number;
}

interface Lane {
  readonly entries: Entry[];
  /** On its way: the others wait, so that they cannot overtake it. */
  flying: Entry | undefined;
  failures: number;
  timer: Timer | undefined;
  /** Made when somebody asks. */
  rows: readonly Outgoing[] | undefined;
}

/** Without an answer for so long, it is sent again on the same connection: the hub keeps one. */
const answerMs = 10_000;

/** Of one channel. Whoever sends on and on without a connection is told, and nobody has to clear up after failures. */
const mostWaiting = 1_000;
const mostFailed = 100;

/** Own messages until they are in the log: one after another in each channel, so that their order stays. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #backoff: Backoff;
  #closed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#backoff = exponentialBackoff({ baseMs: 500, maxMs: 10_000, random: options.random });
  }

  rows(channelId: string): readonly Outgoing[] {
    const lane = this.#lanes.get(channelId);
    if (lane === undefined) return none;
    lane.rows ??= lane.entries.map(({ row }) => row);
    return lane.rows;
  }

  add(frame: SendFrame): Promise<Message> {
    if (this.#closed) return refused(new Closed('the client of the hub'));
    if ((this.#lanes.get(frame.channelId)?.entries.length ?? 0) >= mostWaiting)
      return refused(new HubError('RATE_LIMITED', `${mostWaiting} messages wait in this channel already`));
    const { clock } = this.#options;
    const { clientId, channelId, content, threadId = null, replyTo = null, files = [] } = frame;
    const entry: Entry = {
      row: {
        clientId,
        channelId,
        content,
        threadId,
        replyTo,
        files,
        timestamp: clock.now(),
        state: 'sending',
        error: undefined,
      },
      frame,
      settled: unheard(),
      until: clock.monotonic() + this.#options.giveUpMs,
    };
    const lane = this.#lanes.get(channelId) ?? makeLane();
    this.#lanes.set(channelId, lane);
    lane.entries.push(entry);
    this.#pump(lane, channelId);
    this.#show(lane, channelId);
    return entry.settled.promise;
  }

  /** Sends a failed message again, as the same one. */
  retry(clientId: string): Promise<Message> | undefined {
    for (const [channelId, lane] of this.#lanes) {
      const entry = lane.entries.find(({ row }) => row.clientId === clientId && row.state === 'failed');
      if (entry === undefined) continue;
      if (this.#closed) return refused(new Closed('the client of the hub'));
      // Behind those that went on without it.
      lane.entries.splice(lane.entries.indexOf(entry), 1);
      lane.entries.push(entry);
      entry.row = { ...entry.row, state: 'sending', error: undefined };
      entry.settled = unheard();
      entry.until = this.#options.clock.monotonic() + this.#options.giveUpMs;
      this.#pump(lane, channelId);
      this.#show(lane, channelId);
      return entry.settled.promise;
    }
    return undefined;
  }

  /** Forgets a message that failed. */
  discard(clientId: string): boolean {
    for (const [channelId, lane] of this.#lanes) {
      const at = lane.entries.findIndex(({ row }) => row.clientId === clientId && row.state === 'failed');
      if (at < 0) continue;
      lane.entries.splice(at, 1);
      this.#show(lane, channelId);
      return true;
    }
    return false;
  }

  /** The connection is live: everything that has no answer is sent again. */
  flush(): void {
    for (const [channelId, lane] of this.#lanes) {
      this.#land(lane);
      this.#pump(lane, channelId);
    }
  }

  /** An own message was seen. */
  seen(message: Message): void {
    const { clientId, channelId } = message;
    const lane = this.#lanes.get(channelId);
    const entry = lane?.entries.find(({ row }) => row.clientId === clientId);
    if (lane === undefined || entry === undefined) return;
    lane.entries.splice(lane.entries.indexOf(entry), 1);
    entry.settled.resolve(message);
    if (lane.flying === entry) this.#land(lane);
    lane.failures = 0;
    this.#pump(lane, channelId);
    this.#show(lane, channelId);
  }

  /** Whether the frame was the answer to a message. */
  take(frame: ReadFrame): boolean {
    if (frame.type !== 'ack' && frame.type !== 'error') return false;
    for (const [channelId, lane] of this.#lanes) {
      const entry = lane.entries.find(({ frame: { ref } }) => ref === frame.ref);
      if (entry === undefined) continue;
      if (frame.type === 'error') this.#refused(lane, channelId, entry, HubError.fromProblem(frame.error));
      else if (frame.message === undefined) this.#sent(lane, channelId, entry);
      else this.#options.onAcknowledged(frame.message, frame.seq ?? frame.message.seq);
      return true;
    }
    return false;
  }

  close(): void {
    this.#closed = true;
    for (const lane of this.#lanes.values()) {
      this.#land(lane);
      for (const { settled } of lane.entries) settled.reject(new Closed('the client of the hub'));
    }
  }

  #pump(lane: Lane, channelId: string): void {
    while (lane.flying === undefined) {
      lane.timer?.cancel();
      const entry = lane.entries.find(({ row }) => row.state === 'sending');
      if (entry === undefined) {
        if (lane.entries.length === 0) this.#lanes.delete(channelId);
        return;
      }
      const left = entry.until - this.#options.clock.monotonic();
      try {
        if (left <= 0) throw new HubError('TIMEOUT', 'not acknowledged in time');
        const flies = this.#options.send(entry.frame);
        if (flies) lane.flying = entry;
        this.#again(lane, channelId, Math.min(flies ? answerMs : Infinity, left));
        return;
      } catch (error) {
        if (!isHubError(error)) throw error;
        giveUp(lane, entry, error);
        this.#show(lane, channelId);
      }
    }
  }

  #again(lane: Lane, channelId: string, ms: number): void {
    lane.timer?.cancel();
    lane.timer = this.#options.clock.timer(ms, () => {
      lane.flying = undefined;
      this.#pump(lane, channelId);
    });
  }

  #refused(lane: Lane, channelId: string, entry: Entry, error: HubError): void {
    if (!error.retryable) {
      this.#fail(lane, channelId, entry, error);
      return;
    }
    if (lane.flying !== entry) return;
    lane.failures += 1;
    const left = entry.until - this.#options.clock.monotonic();
    const pause = Math.max(this.#backoff(lane.failures), error.retryAfter ?? 0);
    this.#again(lane, channelId, Math.min(pause, Math.max(0, left)));
  }

  #fail(lane: Lane, channelId: string, entry: Entry, error: HubError): void {
    if (entry.row.state === 'sent') return;
    giveUp(lane, entry, error);
    if (lane.flying === entry) this.#land(lane);
    this.#pump(lane, channelId);
    this.#show(lane, channelId);
  }

  #sent(lane: Lane, channelId: string, entry: Entry): void {
    entry.row = { ...entry.row, state: 'sent' };
    if (lane.flying === entry) this.#land(lane);
    this.#pump(lane, channelId);
    this.#show(lane, channelId);
  }

  #land(lane: Lane): void {
    lane.flying = undefined;
    lane.timer?.cancel();
  }

  #show(lane: Lane, channelId: string): void {
    lane.rows = undefined;
    this.#options.onChanged(channelId);
  }
}

const none: readonly Outgoing[] = [];

function makeLane(): Lane {
  return { entries: [], flying: undefined, failures: 0, timer: undefined, rows: undefined };
}

function giveUp(lane: Lane, entry: Entry, error: HubError): void {
  entry.row = { ...entry.row, state: 'failed', error };
  entry.settled.reject(error);
  const failed = lane.entries.filter(({ row }) => row.state === 'failed');
  if (failed.length > mostFailed)
    lane.entries.splice(
      lane.entries.findIndex((other) => other === failed[0]),
      1,
    );
}

/** Whoever does not wait for it sees the row instead: that must not end the process. */
function unheard<T = Message>(): PromiseWithResolvers<T> {
  const settled = Promise.withResolvers<T>();
  settled.promise.catch(() => undefined);
  return settled;
}

function refused(error: Error): Promise<never> {
  const settled = unheard<never>();
  settled.reject(error);
  return settled.promise;
}
