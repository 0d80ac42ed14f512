import { openAccount, type Account } from './account.ts';
import { Forgetful } from './forgetful.ts';
import type { Rule, Standing } from './rule.ts';
import type { Charge, Held, Peeked, Taken, TakeRequest, Target } from './store.ts';

interface Entry {
  /** By which it was changed last. */
  rule: Rule;
  readonly account: Account;
  /** Somebody came again since it was made, or looked at to be forgotten. */
  used: boolean;
}

type Book = Forgetful<Entry>;

/** What is counted, at times that whoever calls it gives: the whole of a store but its clock. They never go back by more than a clock may. */
export class LimitBook {
  readonly #maxKeys: number;
  readonly #books = new Map<string, Book>();
  /** Callers hand over the same rule again and again; its name is put together once. */
  readonly #bookOf = new WeakMap<Rule, Book>();
  readonly #tokens: Forgetful<number>;
  /** Calls of one rule often follow each other. */
  #lastRule: Rule | undefined;
  #lastBook: Book | undefined;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
    this.#tokens = new Forgetful({ max: maxKeys, isOver: (until, now) => until <= now });
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

  take(request: TakeRequest, now: number): Taken {
    const { charges, token } = request;
    const name = token === undefined ? undefined : nameOf(request, token.id);
    if (name !== undefined && (this.#tokens.get(name) ?? 0) > now) {
      const standings = charges.map((charge) => {
        const account = this.#account(charge, now);
        const standing = account.standing(charge.rule, now, charge, true);
        account.unsettle(now, false);
        return standing;
      });
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
      const standing = account.standing(rule, now, { cost, holder }, own);
      if (!own || !ok) account.unsettle(now, false);
      if (!account.empty) this.#keep(charge, account, now, own && ok);
      return standing;
    });
    if (ok && name !== undefined && token !== undefined) this.#tokens.set(name, now + token.keepMs, now);
    return { ok, replayed: false, at: now, standings };
  }

  /** As `take` of one charge and nothing else, with as little ado as there can be. */
  charge(rule: Rule, identity: string, cost: number, now: number): Standing {
    const book = this.#book(rule);
    const entry = book.get(identity);
    if (entry !== undefined) {
      const standing = entry.account.take(rule, now, cost);
      touch(entry, rule, standing.ok);
      return standing;
    }
    const account = openAccount(rule.kind);
    const standing = account.take(rule, now, cost);
    if (!account.empty) book.set(identity, { rule, account, used: false }, now);
    return standing;
  }

  peek(charge: Charge, now: number): Peeked {
    return { ...this.#look(charge, now), at: now };
  }

  adjust(target: Target, by: number, now: number): Peeked {
    this.#change(target, now, (account) => account.adjust(target.rule, now, by));
    return this.peek({ ...target, cost: 1 }, now);
  }

  block(target: Target, forMs: number, now: number): Peeked {
    this.#change(target, now, (account) => account.block(now, forMs));
    return this.peek({ ...target, cost: 1 }, now);
  }

  reset({ rule, identity }: Target): void {
    this.#book(rule).delete(identity);
  }

  release(target: Target, holder: string, now: number): Held {
    return { held: this.#change(target, now, (account) => account.release(now, holder)), at: now };
  }

  renew(target: Target, holder: string, now: number): Held {
    return { held: this.#change(target, now, (account) => account.renew(target.rule, now, holder)), at: now };
  }

  #look({ rule, identity, cost }: Charge, now: number): Standing {
    const account = this.#account({ rule, identity }, now);
    const standing = account.standing(rule, now, { cost }, account.admits(rule, now, { cost }));
    account.unsettle(now, true);
    return standing;
  }

  #change<Reply>(target: Target, now: number, work: (account: Account) => Reply): Reply {
    const account = this.#account(target, now);
    const reply = work(account);
    if (account.empty) this.#book(target.rule).delete(target.identity);
    else this.#keep(target, account, now, true);
    return reply;
  }

  #keep({ rule, identity }: Target, account: Account, now: number, changed: boolean): void {
    const book = this.#book(rule);
    const entry = book.get(identity);
    if (entry === undefined) book.set(identity, { rule, account, used: false }, now);
    else touch(entry, rule, changed);
  }

  /** Up to date; a new one where there is none, which is not kept yet. */
  #account({ rule, identity }: Target, now: number): Account {
    const account = this.#book(rule).get(identity)?.account ?? openAccount(rule.kind);
    account.settle(rule, now);
    return account;
  }

  #book(rule: Rule): Book {
    if (this.#lastRule === rule && this.#lastBook !== undefined) return this.#lastBook;
    const book = this.#bookOf.get(rule) ?? this.#openBook(rule);
    this.#lastRule = rule;
    this.#lastBook = book;
    return book;
  }

  #openBook(rule: Rule): Book {
    const name = `${rule.name}:${rule.kind}:${rule.periodMs}`;
    const book = this.#books.get(name) ?? new Forgetful({ max: this.#maxKeys, isOver, isSpared });
    this.#books.set(name, book);
    this.#bookOf.set(rule, book);
    return book;
  }
}

function touch(entry: Entry, rule: Rule, changed: boolean): void {
  entry.used = true;
  if (changed) entry.rule = rule;
}

function isOver({ rule, account }: Entry, now: number): boolean {
  account.settle(rule, now);
  if (account.empty) return true;
  account.unsettle(now, true);
  return false;
}

/** Who comes again and again, or was blocked, is not pushed out by a flood of names that come once. */
function isSpared(entry: Entry): boolean {
  const { used, account } = entry;
  entry.used = false;
  return used || account.guarded;
}

const nameOf = ({ charges }: TakeRequest, token: string): string =>
  JSON.stringify([
    token,
    ...charges.flatMap(({ rule, identity }) => [rule.name, rule.kind, rule.periodMs, identity]),
  ]);
