import type { FeedKind, Position } from '@parley/bus';
import { topicOf } from './news.ts';

/** What one feed has joined, and how far it has told of each log. */
export class Followed {
  readonly #channels = new Map<string, Position | undefined>();
  /** Of each topic, how far was told of those of its logs that somebody looked at. */
  readonly #topics = new Map<string, Map<string, Position>>();
  readonly #queues = new Set<string>();

  get size(): number {
    return this.#channels.size + this.#topics.size + this.#queues.size;
  }

  join(kind: FeedKind, names: readonly string[]): void {
    for (const name of names) {
      if (kind === 'queue') this.#queues.add(name);
      else if (kind === 'topic') {
        if (!this.#topics.has(name)) this.#topics.set(name, new Map());
      } else if (!this.#channels.has(name)) this.#channels.set(name, undefined);
    }
  }

  leave(kind: FeedKind, names: readonly string[]): void {
    const joined = { channel: this.#channels, topic: this.#topics, queue: this.#queues }[kind];
    for (const name of names) joined.delete(name);
  }

  /** Everything, by kind; afterwards nothing is joined. */
  clear(): ReadonlyMap<FeedKind, readonly string[]> {
    const all = new Map<FeedKind, readonly string[]>([
      ['channel', this.channels],
      ['topic', this.topics],
      ['queue', this.queues],
    ]);
    this.#channels.clear();
    this.#topics.clear();
    this.#queues.clear();
    return all;
  }

  get channels(): string[] {
    return [...this.#channels.keys()];
  }

  get topics(): string[] {
    return [...this.#topics.keys()];
  }

  get queues(): string[] {
    return [...this.#queues];
  }

  hasQueue(queue: string): boolean {
    return this.#queues.has(queue);
  }

  hasChannel(channel: string): boolean {
    return this.#channels.has(channel);
  }

  hasTopicOf(channel: string): boolean {
    return this.#topics.size > 0 && this.#topics.has(topicOf(channel));
  }

  /** Whether anybody is to hear of the log. */
  hears(channel: string, wide: boolean): boolean {
    return this.#channels.has(channel) || (wide && this.hasTopicOf(channel));
  }

  /** Remembers that this was told, and says whether it was news. */
  reach(channel: string, position: Position): boolean {
    const topic = this.#topics.size > 0 ? this.#topics.get(topicOf(channel)) : undefined;
    const before = this.#channels.get(channel) ?? topic?.get(channel);
    if (before?.epoch === position.epoch && before.offset >= position.offset) return false;
    if (this.#channels.has(channel)) this.#channels.set(channel, position);
    topic?.set(channel, position);
    return true;
  }
}
