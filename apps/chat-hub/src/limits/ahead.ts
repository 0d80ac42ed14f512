import { createLru, type Clock } from '@parley/cache-core/kernel';
import type { Verdict } from '@parley/ratelimit';

/** For how long what is paid ahead is worth something: who comes rarely pays ahead in vain, and is to lose little by it. */
const worthMs = 60_000;
const maxNames = 10_000;

/** What is limited, and for whom. */
export interface Payer {
  readonly rule: string;
  readonly identity: string;
}

interface Account {
  left: number;
  until: number;
  /** How many more the store would have let in, when it was asked last. */
  room: number;
  /** The store is being asked for several. */
  isPaying: boolean;
}

/** Of a limit so high that some more or less do not matter, several units are charged at once, and those who come next find them paid. */
export class Ahead {
  readonly #clock: Clock;
  readonly #accounts = createLru<string, Account>({ maxEntries: maxNames });
  /** What may come again, and was charged. */
  readonly #settled = createLru<string, true>({ maxEntries: maxNames });
  readonly #used = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many did not have to be charged. */
  used(rule: string): number {
    return this.#used.get(rule) ?? 0;
  }

  /** Whether it is paid; then there is one less. What comes again under its id was paid when it came first. */
  take(payer: Payer, id: string | undefined): boolean {
    const name = nameOf(payer);
    if (id !== undefined && this.#settled.get(`${name} ${id}`) === true) return true;
    const account = this.#accounts.get(name);
    if (account === undefined || account.left === 0 || account.until <= this.#clock.monotonic()) return false;
    account.left -= 1;
    this.#used.set(payer.rule, this.used(payer.rule) + 1);
    this.#settle(name, id);
    return true;
  }

  /** How many units are to be charged now. Towards the end of a limit each goes by itself, and while the store is being asked for several. */
  begin(payer: Payer, limit: number): number {
    const account = this.#accountOf(nameOf(payer));
    const units = unitsAhead(limit);
    if (account.isPaying || account.room < Math.max(limit / 10, units)) return 1;
    account.isPaying = units > 1;
    return units;
  }

  /** What came of it. */
  end(payer: Payer, units: number, verdict: Verdict, id: string | undefined): void {
    const name = nameOf(payer);
    const account = this.#accountOf(name);
    if (units > 1) account.isPaying = false;
    // What was decided without the store says nothing of what it has, and pays for one at most.
    const isOfStore = verdict.decidedBy === 'store';
    account.room = isOfStore ? verdict.remaining : 0;
    if (!isOfStore || !verdict.ok) return;
    this.#settle(name, id);
    if (units === 1) return;
    account.left = units - 1;
    account.until = this.#clock.monotonic() + worthMs;
  }

  #settle(name: string, id: string | undefined): void {
    if (id !== undefined) this.#settled.set(`${name} ${id}`, true);
  }

  #accountOf(name: string): Account {
    const account = this.#accounts.get(name) ?? { left: 0, until: 0, room: Infinity, isPaying: false };
    this.#accounts.set(name, account);
    return account;
  }
}

const nameOf = ({ rule, identity }: Payer): string => `${rule} ${identity}`;

/** How many units of a limit are charged at once: few enough that what a node pays in vain is half a hundredth of it at most. */
export const unitsAhead = (limit: number): number => Math.max(1, Math.min(16, Math.floor(limit / 200)));
