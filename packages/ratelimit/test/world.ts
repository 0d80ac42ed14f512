import { StoreUnavailable, virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import {
  createLimiter,
  memoryLimitStore,
  type Limiter,
  type LimiterOptions,
  type LimitStore,
  type MemoryLimitStore,
} from '@parley/ratelimit';

/** A store that is elsewhere, as far as a limiter can tell, and can be made to fail. */
interface Remote extends LimitStore {
  take: LimitStore['take'];
  peek: LimitStore['peek'];
  placeOf?: LimitStore['placeOf'];
  state: 'up' | 'down' | 'hanging';
  /** How many calls came, and with how many requests. */
  readonly calls: number;
  readonly requests: number;
}

function remote(memory: LimitStore): Remote {
  let [calls, requests] = [0, 0];
  const store: Remote = {
    ...memory,
    name: 'remote',
    takeNow: undefined,
    chargeNow: undefined,
    state: 'up',
    get calls() {
      return calls;
    },
    get requests() {
      return requests;
    },
    take: (batch) => {
      requests += batch.length;
      return answer(() => memory.take(batch));
    },
    peek: (charges) => answer(() => memory.peek(charges)),
    release: (holds) => answer(() => memory.release(holds)),
    renew: (holds) => answer(() => memory.renew(holds)),
    adjust: (adjustments) => answer(() => memory.adjust(adjustments)),
    block: (blocks) => answer(() => memory.block(blocks)),
  };
  const answer = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (store.state === 'down') throw new StoreUnavailable('gone');
    if (store.state === 'hanging') return new Promise(() => undefined);
    return work();
  };
  return store;
}

export interface World<Name extends string> {
  readonly clock: VirtualClock;
  readonly memory: MemoryLimitStore;
  readonly store: Remote;
  readonly limiter: Limiter<Name>;
  /** Another process. */
  readonly another: (more?: Partial<LimiterOptions<Name>>) => Limiter<Name>;
}

export function world<Name extends string>(
  rules: LimiterOptions<Name>['rules'],
  more: Partial<LimiterOptions<Name>> = {},
): World<Name> {
  const clock = virtualClock();
  const memory = memoryLimitStore({ clock });
  const another = (others: Partial<LimiterOptions<Name>> = {}): Limiter<Name> =>
    createLimiter({ store, rules, clock, random: () => 0, ...more, ...others });
  const store = remote(memory);
  return { clock, memory, store, limiter: another(), another };
}
