import { listenerErrors, safeCall } from '@parley/cache-core/kernel';
import { ChannelSubscription, type Box } from './channel-subscription.ts';
import { channelOf, nameOf } from './core.ts';
import { Cursor } from './cursor.ts';
import type { Start } from './cursor.ts';
import type { Position } from './position.ts';
import { choose, mainChannel, startOf } from './subscription.ts';
import type { Choice } from './subscription.ts';
import { TopicWatch } from './topic-watch.ts';

interface Followed {
  readonly cursor: Cursor;
  readonly box: Box;
  readonly release: () => void;
  live: boolean;
}

/** A subscription to channels of a topic of class `stream`. */
export class StreamSubscription extends ChannelSubscription {
  readonly #followed = new Map<string, Followed>();
  readonly #watch: TopicWatch | undefined;
  #only: Cursor | undefined;
  /** Of those followed, how many are not live. */
  #behind = 0;

  constructor(...args: ConstructorParameters<typeof ChannelSubscription>) {
    super(...args);
    const { topic, options } = this;
    const choice = choose(topic, options);
    if (typeof options.from !== 'function') startOf('', options);
    if (choice.kind === 'channels') {
      const starts = choice.channels.map(
        (channel) => [nameOf(topic.name, channel), startOf(channel, options)] as const,
      );
      for (const [name, start] of starts) {
        const cursor = this.#follow(name, start);
        if (starts.length === 1) this.#only = cursor;
      }
    } else {
      this.#watch = this.#watchTopic(choice);
    }
    this.heed(options.signal);
  }

  position(channel = mainChannel): Position | undefined {
    const followed = this.#followed.get(nameOf(this.topic.name, channel));
    return followed && (this.receiver.behind(followed.box) ?? followed.cursor.position);
  }

  verifiedAt(): number {
    if (this.state !== 'live') return -Infinity;
    // One channel is the usual case, and this is asked with every read of a cache.
    if (this.#only !== undefined) return this.#only.verifiedAt;
    let least = this.#watch?.verifiedAt ?? Infinity;
    for (const { cursor } of this.#followed.values()) least = Math.min(least, cursor.verifiedAt);
    return least;
  }

  protected leave(): void {
    this.#watch?.close();
    for (const { cursor, release } of this.#followed.values()) {
      cursor.close();
      release();
    }
  }

  /** Follows the channel by a feed of its own; with `shared` by one for the whole topic. */
  #follow(name: string, start: Start, shared = false): Cursor {
    const { clock, random, stats, read, hearing, checker } = this.core;
    const box = this.receiver.openBox(() => cursor.resume());
    const cursor = new Cursor({
      channel: name,
      start,
      clock,
      random,
      stats,
      signal: this.ending,
      read,
      deliver: (record, epoch) => this.receiver.record(box, name, epoch, record),
      gap: (gap) => this.receiver.gap(box, { ...gap, channel: channelOf(name) }),
      live: (live) => this.#turn(followed, live),
    });
    const endChecks = shared
      ? () => undefined
      : checker.add(this.topic.checkEveryMs, {
          name,
          get live() {
            return cursor.live;
          },
          advanced: (position, asOf) => cursor.advanced(position, asOf),
        });
    const leave = shared
      ? () => undefined
      : hearing.follow('channel', name, {
          joined: () => cursor.joined(),
          lost: (reason) => this.#lose(cursor, name, reason),
          records: (_name, epoch, records) => cursor.records(epoch, records),
          advanced: (_name, position) => void cursor.advanced(position),
        });
    const release = (): void => {
      endChecks();
      leave();
    };
    const followed: Followed = { cursor, box, release, live: false };
    this.#followed.set(name, followed);
    this.#behind += 1;
    return cursor;
  }

  /** Of a channel that was found by a pattern: who asked for it is not there to be told what is wrong with its place. */
  #startOf(channel: string): Start {
    try {
      return startOf(channel, this.options);
    } catch (error) {
      const place = { channel, position: undefined, message: undefined };
      listenerErrors.emit({ listener: `from of ${this.topic.name}`, error });
      safeCall('bus error handler', this.options.onError, error, place);
      return 'now';
    }
  }

  #watchTopic({ matches }: Extract<Choice, { kind: 'pattern' }>): TopicWatch {
    const { name: topic, checkEveryMs } = this.topic;
    return new TopicWatch(this.core, {
      topic,
      checkEveryMs,
      matches: (name) => matches(channelOf(name)),
      cursorOf: (name) => this.#followed.get(name)?.cursor,
      open: (name, isNew) => {
        const start = this.#startOf(channelOf(name));
        return this.#follow(name, isNew && start === 'now' ? 'oldest' : start, true);
      },
      lost: (cursor, name, reason) => this.#lose(cursor, name, reason),
      forget: (name) => this.#forget(name),
      onReady: () => this.#settle(),
    });
  }

  #lose(cursor: Cursor, name: string, reason: string): void {
    this.core.tell({ type: 'lost', channel: name, reason });
    cursor.lost();
  }

  #forget(name: string): boolean {
    const box = this.#followed.get(name)?.box;
    if (box === undefined || box.busy) return false;
    this.#followed.delete(name);
    this.receiver.closeBox(box);
    return true;
  }

  #turn(followed: Followed, live: boolean): void {
    if (followed.live === live) return;
    followed.live = live;
    this.#behind += live ? -1 : 1;
    this.#settle();
  }

  #settle(): void {
    const live = this.#behind === 0 && this.#watch?.ready !== false;
    this.standing.turn(live ? 'live' : 'joining');
  }
}
