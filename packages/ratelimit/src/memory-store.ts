import { requireInteger, systemClock, throwIfAborted } from '@parley/cache-core/kernel';
import type { Clock, Clocked } from '@parley/cache-core/kernel';
import { openAccount, type Account } from './account.ts';
import { Forgetful } from './forgetful.ts';
import type { Rule, Standing } from './rule.ts';
import type { Charge, LimitStore, Peeked, StoreCall, Taken, TakeRequest, Target } from './store.ts';

export interface MemoryLimitStoreOptions extends Clocked {
  /** How many identities are kept for each rule, and how many tokens; the oldest ones are forgotten first. @default 1,000,000 */
  readonly maxKeys?: number | undefined;
}

export interface MemoryLimitStore extends LimitStore {
  readonly takeNow: (request: TakeRequest) => Taken;
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
  let memory = new LimitMemory(clock, maxKeys);
  const since = clock.now();
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
      return memory.size;
    },
    take: (requests, call) => each(requests, call, (request) => memory.take(request)),
    takeNow: (request) => memory.take(request),
    peekNow: (charge) => memory.peek(charge),
    peek: (charges, call) => each(charges, call, (charge) => memory.peek(charge)),
    adjust: (adjustments, call) => each(adjustments, call, (one) => memory.adjust(one, one.by)),
    block: async (blocks, call) => {
      await each(blocks, call, (one) => memory.block(one, one.forMs));
    },
    reset: async (targets, call) => {
      await each(targets, call, (target) => memory.reset(target));
    },
    release: (holds, call) => each(holds, call, (hold) => memory.release(hold, hold.holder)),
    renew: (holds, call) => each(holds, call, (hold) => memory.renew(hold, hold.holder)),
    health: async () => ({ status: 'up', since, details: memory.figures }),
    forget: () => {
      memory = new LimitMemory(clock, maxKeys);
    },
  };
}

interface Entry {
  readonly rule: Rule;
  readonly account: Account;
}

type Book = Forgetful<Entry>;

class LimitMemory {
  readonly #clock: Clock;
  readonly #maxKeys: number;
  readonly #books = new Map<string, Book>();
  /** Callers hand over the same rule again and again; its name is put together once. */
  readonly #bookOf = new WeakMap<Rule, Book>();
  readonly #tokens: Forgetful<number>;

  constructor(clock: Clock, maxKeys: number) {
    this.#clock = clock;
    this.#maxKeys = maxKeys;
    this.#tokens = new Forgetful(maxKeys, (until, now) => until <= now);
  }

  get size(): number {
    return [...this.#books.values()].reduce((sum, book) => sum + book.size, 0);
  }

  get figures(): Readonly<Record<'identities' | 'tokens' | 'pushedOut', number>> {
    const books = [...this.#books.values(), this.#tokens];
    return {
      identities: this.size,
      tokens: this.#tokens.size,
      pushedOut: books.reduce((sum, book) => sum + book.pushedOut, 0),
    };
  }

  take(request: TakeRequest): Taken {
    const now = this.#now();
    const { charges, token } = request;
    const name = token === undefined ? undefined : nameOf(request, token.id);
    if (name !== undefined && (this.#tokens.get(name) ?? 0) > now) {
      const standings = charges.map((charge) =>
        this.#account(charge, now).standing(charge.rule, now, charge, true),
      );
      return { ok: true, replayed: true, at: now, standings };
    }
    const { holder } = request;
    const accounts = charges.map((charge) => this.#account(charge, now));
    const admitted = charges.map(
      ({ rule, cost }, i) => accounts[i]?.admits(rule, now, { cost, holder }) ?? false,
    );
    const ok = charges.every(({ shadow }, i) => shadow === true || admitted[i] === true);
    const standings = charges.map((charge, i): Standing => {
      const { rule, cost } = charge;
      const account = accounts[i] ?? openAccount(rule.kind);
      const own = admitted[i] === true;
      if (!own) account.violate(rule, now);
      else if (ok) account.charge(rule, now, { cost, holder });
      if (!account.empty) this.#book(rule).set(charge.identity, { rule, account }, now);
      return account.standing(rule, now, { cost, holder }, own);
    });
    if (ok && name !== undefined && token !== undefined) this.#tokens.set(name, now + token.keepMs, now);
    return { ok, replayed: false, at: now, standings };
  }

  peek(charge: Charge): Peeked {
    const now = this.#now();
    return { ...this.#look(charge, now), at: now };
  }

  adjust(target: Target, by: number): Standing {
    const { rule } = target;
    return this.#change(target, (account, now) => {
      account.adjust(rule, now, by);
      return account.standing(rule, now, { cost: 1 }, account.admits(rule, now, { cost: 1 }));
    });
  }

  block(target: Target, forMs: number): void {
    this.#change(target, (account, now) => account.block(now, forMs));
  }

  reset({ rule, identity }: Target): void {
    this.#book(rule).delete(identity);
  }

  release(target: Target, holder: string): boolean {
    return this.#change(target, (account) => account.release(holder));
  }

  renew(target: Target, holder: string): boolean {
    return this.#change(target, (account, now) => account.renew(target.rule, now, holder));
  }

  #look({ rule, identity, cost }: Charge, now: number): Standing {
    const account = this.#account({ rule, identity }, now);
    return account.standing(rule, now, { cost }, account.admits(rule, now, { cost }));
  }

  #change<Reply>(target: Target, work: (account: Account, now: number) => Reply): Reply {
    const now = this.#now();
    const account = this.#account(target, now);
    const reply = work(account, now);
    const book = this.#book(target.rule);
    if (account.empty) book.delete(target.identity);
    else book.set(target.identity, { rule: target.rule, account }, now);
    return reply;
  }

  /** Up to date; a new one where there is none, which is not kept yet. */
  #account({ rule, identity }: Target, now: number): Account {
    const account = this.#book(rule).get(identity)?.account ?? openAccount(rule.kind);
    account.settle(rule, now);
    return account;
  }

  #book(rule: Rule): Book {
    const known = this.#bookOf.get(rule);
    if (known !== undefined) return known;
    const name = `${rule.name}:${rule.kind}:${rule.periodMs}`;
    const isOver = ({ rule: last, account }: Entry, now: number): boolean => {
      account.settle(last, now);
      return account.empty;
    };
    const book = this.#books.get(name) ?? new Forgetful(this.#maxKeys, isOver);
    this.#books.set(name, book);
    this.#bookOf.set(rule, book);
    return book;
  }

  #now(): number {
    return Math.floor(this.#clock.monotonic());
  }
}

const nameOf = ({ charges }: TakeRequest, token: string): string =>
  JSON.stringify([
    token,
    ...charges.flatMap(({ rule, identity }) => [rule.name, rule.kind, rule.periodMs, identity]),
  ]);
