import { requireInteger, systemClock, throwIfAborted } from '@parley/cache-core/kernel';
import type { Clocked } from '@parley/cache-core/kernel';
import { LimitBook } from './limit-book.ts';
import type { Rule, Standing } from './rule.ts';
import type { Charge, LimitStore, Peeked, StoreCall, Taken, TakeRequest } from './store.ts';

export interface MemoryLimitStoreOptions extends Clocked {
  /** How many identities are kept for each rule, and how many tokens; beyond it who came once goes before who came again or is blocked. @default 1,000,000 */
  readonly maxKeys?: number | undefined;
}

export interface MemoryLimitStore extends LimitStore {
  readonly takeNow: (request: TakeRequest) => Taken;
  readonly chargeNow: (rule: Rule, identity: string, cost: number) => Standing;
  readonly peekNow: (charge: Charge) => Peeked;
  /** How many identities it keeps, over all rules. */
  readonly size: number;
  /** Loses everything, as a server does that starts anew; for tests. */
  readonly forget: () => void;
}

/** A store in this process: for programs of one process, for what a server that is away cannot count, and for tests. */
export function memoryLimitStore(options: MemoryLimitStoreOptions = {}): MemoryLimitStore {
  const { clock = systemClock } = options;
  const maxKeys = requireInteger('maxKeys', options.maxKeys ?? 1_000_000, 1, 16_000_000);
  let book = new LimitBook(maxKeys);
  const since = clock.now();
  const now = (): number => Math.floor(clock.monotonic());
  const each = async <Item, Reply>(
    items: readonly Item[],
    call: StoreCall | undefined,
    work: (item: Item) => Reply,
  ): Promise<Reply[]> => {
    throwIfAborted(call?.signal);
    return items.map(work);
  };
  return {
    name: 'memory',
    capabilities: { shared: false, allOrNone: 'always', maxBatch: 10_000 },
    get size() {
      return book.size;
    },
    take: (requests, call) => each(requests, call, (request) => book.take(request, now())),
    takeNow: (request) => book.take(request, now()),
    peek: (charges, call) => each(charges, call, (charge) => book.peek(charge, now())),
    chargeNow: (rule, identity, cost) => book.charge(rule, identity, cost, now()),
    peekNow: (charge) => book.peek(charge, now()),
    adjust: (adjustments, call) => each(adjustments, call, (one) => book.adjust(one, one.by, now())),
    block: (blocks, call) => each(blocks, call, (one) => book.block(one, one.forMs, now())),
    reset: async (targets, call) => {
      await each(targets, call, (target) => book.reset(target));
    },
    release: (holds, call) => each(holds, call, (hold) => book.release(hold, hold.holder, now())),
    renew: (holds, call) => each(holds, call, (hold) => book.renew(hold, hold.holder, now())),
    health: async () => ({ status: 'up', since, details: book.figures }),
    forget: () => {
      book = new LimitBook(maxKeys);
    },
  };
}
