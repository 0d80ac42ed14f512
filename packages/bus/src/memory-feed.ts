import { Closed } from '@parley/cache-core/kernel';
import type { Signal, StoredRecord } from './broker.ts';
import type { BrokerFeed, FeedKind, FeedListener } from './feed.ts';

/** Who hears what in one process. */
export class MemoryFeeds {
  readonly #members: Record<FeedKind, Map<string, Set<FeedListener>>> = {
    channel: new Map(),
    topic: new Map(),
    queue: new Map(),
  };

  get size(): number {
    return this.#members.channel.size + this.#members.topic.size + this.#members.queue.size;
  }

  open(listener: FeedListener): BrokerFeed {
    // An object of its own, so that two feeds of one listener are told apart.
    const own: FeedListener = { ...listener };
    let closed = false;
    return {
      detectionMs: 0,
      join: async (kind, names) => {
        if (closed) throw new Closed('The feed');
        for (const name of names) {
          const members = this.#members[kind].get(name) ?? new Set();
          this.#members[kind].set(name, members.add(own));
        }
      },
      leave: async (kind, names) => {
        for (const name of names) this.#drop(kind, name, own);
      },
      close: async () => {
        closed = true;
        for (const kind of ['channel', 'topic', 'queue'] as const) {
          for (const name of this.#members[kind].keys()) this.#drop(kind, name, own);
        }
      },
    };
  }

  records(name: string, epoch: string, records: readonly StoredRecord[], wide: boolean): void {
    for (const listener of membersOf(this.#members.channel, name)) listener.records(name, epoch, records);
    if (!wide) return;
    for (const listener of this.#topicMembers(name)) listener.records(name, epoch, records);
  }

  signal(signals: readonly Signal[]): void {
    for (const { channel, body, wide } of signals) {
      for (const listener of membersOf(this.#members.channel, channel))
        listener.signal('channel', channel, body);
      if (!wide) continue;
      for (const listener of this.#topicMembers(channel)) listener.signal('topic', channel, body);
    }
  }

  work(queue: string): void {
    for (const listener of membersOf(this.#members.queue, queue)) listener.work(queue);
  }

  #topicMembers(name: string): FeedListener[] {
    return membersOf(this.#members.topic, name.slice(0, name.indexOf(':')));
  }

  #drop(kind: FeedKind, name: string, listener: FeedListener): void {
    const members = this.#members[kind].get(name);
    if (members?.delete(listener) === true && members.size === 0) this.#members[kind].delete(name);
  }
}

/** A list of its own: who comes or goes while something is told does not disturb the telling. */
function membersOf(members: ReadonlyMap<string, ReadonlySet<FeedListener>>, name: string): FeedListener[] {
  return Array.from(members.get(name) ?? []);
}
