import {
  memoryPresenceStore,
  type MemoryPresenceStore,
  type PresenceStore,
  type Reaped,
} from '@parley/presence';
import { StoreUnavailable, type Clock } from '@parley/cache-core/kernel';

export interface PartedStore extends MemoryPresenceStore {
  /** Parts that are away. */
  readonly away: Set<string>;
}

/** A store of parts that may be away one by one, as the partitions of a cluster are. */
export function partedStore(
  clock: Clock,
  names: readonly string[],
  partOf: (channel: string) => string,
  away = new Set<string>(),
): PartedStore {
  const stores = new Map(names.map((name) => [name, memoryPresenceStore({ clock })] as const));
  const [first = memoryPresenceStore({ clock })] = stores.values();
  const at = (name: string): PresenceStore => {
    const store = stores.get(name);
    if (store === undefined || away.has(name)) throw new StoreUnavailable(`part ${name} is away`);
    return store;
  };
  const inAll = async <T>(work: (store: PresenceStore) => Promise<T>): Promise<T[]> => {
    const outcomes = await Promise.allSettled(names.map(async (name) => work(at(name))));
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  };
  const inParts = async <Item extends { readonly channel: string }, T>(
    items: readonly Item[],
    work: (store: PresenceStore, some: readonly Item[]) => Promise<readonly T[]>,
  ): Promise<T[]> => {
    const all: T[] = [];
    const groups = Map.groupBy(items.entries(), ([, { channel }]) => partOf(channel));
    const outcomes = await Promise.allSettled(
      [...groups].map(async ([name, group]) => {
        const answers = await work(
          at(name),
          group.map(([, item]) => item),
        );
        for (const [i, answer] of answers.entries()) {
          const place = group[i]?.[0];
          if (place !== undefined) all[place] = answer;
        }
      }),
    );
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return all;
  };

  return {
    ...first,
    away,
    partOf,
    open: async (...words) => {
      const outcomes = await Promise.allSettled(names.map(async (name) => at(name).open(...words)));
      if (outcomes.every(({ status }) => status === 'rejected')) throw new StoreUnavailable('all is away');
      return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : '')).join();
    },
    beat: async (...words) => {
      const there = names.filter((name) => !away.has(name));
      const beats = await Promise.all(there.map((name) => at(name).beat(...words)));
      const held = beats.every((beat) => beat.held);
      if (held && there.length < names.length) throw new StoreUnavailable('a part is away');
      return { held, epoch: beats.map(({ epoch }) => epoch).join() };
    },
    change: async (batch, call) => {
      const parts = new Set(batch.changes.map(({ channel }) => partOf(channel)));
      const [part = names[0] ?? ''] = parts;
      if (parts.size > 1) throw new TypeError('a batch is of one part');
      return at(part).change(batch, call);
    },
    end: async (...words) => void (await inAll((store) => store.end(...words))),
    reap: async (limit, call): Promise<Reaped> => {
      const moments = call?.within?.moment.split(',');
      let failure: Error | undefined;
      const answers = await Promise.all(
        names.map(async (name, i) => {
          if (away.has(name)) {
            failure ??= new StoreUnavailable(`part ${name} is away`);
            return undefined;
          }
          const within = call?.within && { ms: call.within.ms, moment: moments?.[i] ?? '' };
          return at(name).reap(limit, { ...call, within });
        }),
      );
      const there = answers.filter((answer) => answer !== undefined);
      if (there.length === 0) throw failure ?? new StoreUnavailable('all is away');
      const nexts = there.flatMap(({ nextMs }) => nextMs ?? []);
      return {
        appended: there.flatMap(({ appended }) => appended),
        more: there.some(({ more }) => more),
        nextMs: nexts.length === 0 ? undefined : Math.min(...nexts),
        moment: answers.map((answer) => answer?.moment ?? '').join(),
        failure,
      };
    },
    forget: () => {
      for (const store of stores.values()) store.forget();
    },
    read: (requests, call) => inParts(requests, (store, some) => store.read(some, call)),
  };
}
