import { listenerErrors, safeCall } from '@parley/cache-core/kernel';
import type { StoredRecord } from './broker.ts';
import { channelOf, type BusCore } from './core.ts';
import type { Decoded } from './decoder.ts';
import { Unreadable } from './envelope.ts';
import { Mailbox } from './mailbox.ts';
import type { Overflow } from './mailbox.ts';
import type { Gap, Message } from './message.ts';
import type { Position } from './position.ts';
import type { AnyTopic } from './topic.ts';

/** Where an error came up. */
export interface ErrorPlace {
  readonly channel: string;
  readonly position: Position | undefined;
  /** Undefined when it could not be read. */
  readonly message: Message<unknown> | undefined;
}

export interface ReceiverOptions {
  readonly topic: AnyTopic;
  readonly handler: (message: Message<unknown>) => unknown;
  readonly skipOwn: boolean;
  readonly capacity: number;
  readonly overflow: Overflow;
  readonly onGap: ((gap: Gap) => void) | undefined;
  readonly onError: ((error: unknown, place: ErrorPlace) => void) | undefined;
  /** The handler was too slow for a buffer that ends the subscription. */
  readonly onOverrun: () => void;
}

type Item = Message<unknown> | { readonly gap: Gap };

/** Every so many calls of the handler its time is taken. */
const sampling = 16;

/** One subscription's handler, with what may go wrong in it. */
export class Receiver {
  readonly #core: BusCore;
  readonly #options: ReceiverOptions;
  readonly #boxes = new Set<Mailbox<Item>>();
  #calls = 0;

  constructor(core: BusCore, options: ReceiverOptions) {
    this.#core = core;
    this.#options = options;
  }

  get buffered(): number {
    let buffered = 0;
    for (const box of this.#boxes) buffered += box.size;
    return buffered;
  }

  /** An own box for each channel: a slow handler keeps only its channel waiting. */
  openBox(onRoom: () => void): Mailbox<Item> {
    const { capacity, overflow, onOverrun } = this.#options;
    const box = new Mailbox<Item>({
      handle: (item) => this.#handle(item),
      capacity,
      overflow,
      keyOf: (item) => ('gap' in item ? undefined : item.key),
      onRoom,
      onDrop: (item) => this.#dropped(item),
      onOverrun,
    });
    this.#boxes.add(box);
    return box;
  }

  closeBox(box: Mailbox<Item>): void {
    box.close();
    this.#boxes.delete(box);
  }

  record(box: Mailbox<Item>, name: string, epoch: string, record: StoredRecord): boolean {
    const decoded = this.#core.decoder.record(this.#options.topic, channelOf(name), epoch, record);
    return this.#push(box, name, decoded, { epoch, offset: record.offset });
  }

  /** Behind the last message handed over, while others wait; undefined: all were. */
  behind(box: Mailbox<Item>): Position | undefined {
    const item = box.behind;
    if (item === undefined) return undefined;
    return 'gap' in item ? item.gap.to : item.position;
  }

  signal(box: Mailbox<Item>, name: string, decoded: Decoded): void {
    this.#push(box, name, decoded, undefined);
  }

  gap(box: Mailbox<Item>, gap: Gap): void {
    this.#core.tell({ type: 'gap', gap });
    box.push({ gap });
  }

  /** Resolves when no handler is at work. */
  async idle(): Promise<void> {
    await Promise.all([...this.#boxes].map((box) => box.idle));
  }

  close(): void {
    for (const box of this.#boxes) box.close();
  }

  #push(box: Mailbox<Item>, name: string, decoded: Decoded, position: Position | undefined): boolean {
    if (decoded instanceof Unreadable) {
      const channel = channelOf(name);
      this.#core.tell({ type: 'poison', channel: name, position, reason: decoded.message });
      safeCall('bus error handler', this.#options.onError, decoded, {
        channel,
        position,
        message: undefined,
      });
      return true;
    }
    if (this.#options.skipOwn && decoded.source === this.#core.source) return true;
    return box.push(decoded);
  }

  #handle(item: Item): Promise<void> | undefined {
    if ('gap' in item) {
      safeCall('bus gap handler', this.#options.onGap, item.gap);
      return undefined;
    }
    const { stats, clock } = this.#core;
    stats.delivered += 1;
    this.#calls += 1;
    const startedAt = this.#calls % sampling === 0 ? clock.monotonic() : undefined;
    try {
      const answer = this.#options.handler(item);
      if (isThenable(answer)) return this.#settle(answer, item, clock.monotonic());
    } catch (error) {
      this.#failed(error, item);
    }
    if (startedAt !== undefined) stats.handlerMs += (clock.monotonic() - startedAt) * sampling;
    return undefined;
  }

  async #settle(answer: PromiseLike<unknown>, message: Message<unknown>, startedAt: number): Promise<void> {
    try {
      await answer;
    } catch (error) {
      this.#failed(error, message);
    }
    this.#core.stats.handlerMs += this.#core.clock.monotonic() - startedAt;
  }

  #failed(error: unknown, message: Message<unknown>): void {
    const { channel, position } = message;
    this.#core.stats.handlerErrors += 1;
    listenerErrors.emit({ listener: `handler of ${this.#options.topic.name}`, error });
    safeCall('bus error handler', this.#options.onError, error, { channel, position, message });
  }

  #dropped(item: Item): void {
    const { stats } = this.#core;
    if ('gap' in item) {
      // News of a loss is never lost itself: it comes early.
      safeCall('bus gap handler', this.#options.onGap, item.gap);
      return;
    }
    stats.dropped += 1;
    if (item.position === undefined) return;
    const { channel, position } = item;
    stats.gaps += 1;
    const from = { epoch: position.epoch, offset: position.offset - 1 };
    const gap: Gap = { channel, reason: 'overflow', from, to: position, missing: 1 };
    this.#core.tell({ type: 'gap', gap });
    safeCall('bus gap handler', this.#options.onGap, gap);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
