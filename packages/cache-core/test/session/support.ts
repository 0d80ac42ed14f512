import { StoreFault, StoreUnavailable, virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import {
  createSessions,
  memorySessionStore,
  type SessionOptions,
  type Sessions,
  type SessionStore,
} from '@parley/cache-core/session';

export interface World<Data> {
  readonly clock: VirtualClock;
  readonly store: CountingStore;
  readonly sessions: Sessions<Data>;
}

type Method = 'create' | 'read' | 'write' | 'touch' | 'rotate' | 'destroy' | 'list' | 'destroyOf';

/** A store of which is known what it was asked, and which can be made to fail. */
export interface CountingStore extends SessionStore {
  readonly asked: Method[];
  /** What happens to the next calls, in order: `lost`, they are carried out and the reply is lost; `broken`, they are refused for good. */
  readonly faults: ('lost' | 'broken' | 'hung' | 'ok')[];
  /** Calls of these are not answered until it is over. */
  readonly away: Set<Method>;
  /** Every text that it was ever given. */
  readonly given: string[];
}

export function countingStore(good: SessionStore): CountingStore {
  const [asked, faults, given]: [Method[], CountingStore['faults'], string[]] = [[], [], []];
  const away = new Set<Method>();
  const wrapped =
    <A extends readonly unknown[], R>(name: Method, method: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      asked.push(name);
      given.push(JSON.stringify(args));
      const fault = faults.shift() ?? 'ok';
      if (fault === 'hung') return new Promise(() => undefined);
      if (fault === 'broken') throw new StoreFault('the store is broken');
      if (away.has(name)) throw new StoreUnavailable('the store is away');
      const reply = await method(...args);
      if (fault === 'lost') throw new StoreUnavailable('the reply was lost');
      return reply;
    };
  return {
    ...good,
    asked,
    faults,
    away,
    given,
    create: wrapped('create', good.create),
    read: wrapped('read', good.read),
    write: wrapped('write', good.write),
    touch: wrapped('touch', good.touch),
    rotate: wrapped('rotate', good.rotate),
    destroy: wrapped('destroy', good.destroy),
    list: wrapped('list', good.list),
    destroyOf: wrapped('destroyOf', good.destroyOf),
  };
}

export function world<Data>(options: Partial<SessionOptions<Data>> = {}): World<Data> {
  const clock = virtualClock();
  const store = countingStore(memorySessionStore({ clock }));
  return { clock, store, sessions: createSessions({ store, clock, ...options }) };
}

/** Moves the clock until the promise has settled, by as little as it takes. */
export async function moving<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  const work = { settled: false };
  const over = (): void => {
    work.settled = true;
  };
  promise.then(over, over);
  for (await clock.settle(); !work.settled;) await clock.advance(1);
  return promise;
}

export const times = (asked: readonly string[], name: string): number =>
  asked.filter((one) => one === name).length;
