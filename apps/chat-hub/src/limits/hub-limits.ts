import { systemClock, type Clock } from '@parley/cache-core/kernel';
import { HubError, type LimitFigures } from '@parley/hub-protocol';
import { subnetOf, type Limiter, type RuleCall, type Verdict, type WhenAway } from '@parley/ratelimit';
import type { Caller } from '../access/caller.ts';
import { hashOf } from '../access/secrets.ts';
import { Ahead, unitsAhead } from './ahead.ts';
import { HeldSlots } from './held-slots.ts';
import { isAtOnce, type HubRule } from './hub-rules.ts';
import { Lately } from './lately.ts';
import type { Action, LimitClass, LimitName } from './limit-names.ts';

/** How many of those who were denied most are told. */
const mostDenied = 20;

/** For so long an address is watched that was held up. */
const heldUpMs = 10_000;

/** Whoever waits for a socket to end may be told sooner than any lease is over. */
const longestWaitMs = 30_000;

export interface HubLimitsOptions {
  /** Undefined: nothing is limited. */
  readonly limiter: Limiter<string> | undefined;
  /** How many nodes there are, as far as is known. @default 1 */
  readonly nodes?: (() => number) | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Those that the limiter has. */
  readonly rules: ReadonlyMap<string, HubRule>;
}

type OnOver = (error: HubError) => void;

interface LimitPolicy {
  readonly name: string;
  readonly allows: number;
  readonly away: WhenAway;
}

/** Who may how often. What the store of the counts has to do with it is the limiter's: nothing here waits long, or fails. */
export class HubLimits {
  readonly #limiter: Limiter<string> | undefined;
  readonly #rules: ReadonlyMap<string, HubRule>;
  readonly #nodes: () => number;
  readonly #slots: HeldSlots | undefined;
  readonly #heldUp: Lately;
  readonly #ahead: Ahead;

  constructor({ limiter, rules, nodes = () => 1, clock = systemClock }: HubLimitsOptions) {
    this.#nodes = nodes;
    this.#limiter = limiter;
    this.#rules = rules;
    this.#slots = limiter && new HeldSlots({ limiter, clock });
    this.#heldUp = new Lately(clock, heldUpMs);
    this.#ahead = new Ahead(clock);
  }

  /**
   * Charges a user for something. Undefined where that is not limited.
   *
   * @param clientId what names it, if it may come again: it is charged once
   */
  act(action: Action, caller: Caller, clientId?: string): Promise<Verdict> | undefined {
    const rule = `${action}.${classOf(caller)}` as const;
    return this.#check([{ rule, identity: caller.userId }], clientId);
  }

  /**
   * The same for who says much over one connection: where there is much room, several are charged at once, and those that follow find theirs paid.
   * Undefined also of them.
   */
  often(action: Action, caller: Caller, clientId?: string): Promise<Verdict> | undefined {
    return this.#charge({ rule: `${action}.${classOf(caller)}`, identity: caller.userId }, clientId);
  }

  /** Charges an address for a request, whoever sends it; undefined: it was charged before, or is not limited. */
  request(address: string): Promise<Verdict> | undefined {
    const identity = networkOf(address);
    return this.#charge({ rule: 'address', identity })?.then((verdict) => {
      if (!verdict.ok) this.#heldUp.add(identity);
      return verdict;
    });
  }

  /** Whether the address was held up a moment ago: then nothing is done for it before it is known whether it still is. */
  isHeldUp(address: string): boolean {
    return this.#heldUp.has(networkOf(address));
  }

  /**
   * A socket that an address asks for, before anybody is known. What is answered gives back its place.
   *
   * @param onOver told when it turned out to be one too many: the store was away when it came, or has lost count of it since
   * @throws {HubError} `RATE_LIMITED`
   */
  knock(address: string, onOver: OnOver): Promise<() => void> {
    const identity = networkOf(address);
    const rules = ['address.connect', 'address.sockets'] as const;
    return this.#enter(
      rules.map((rule) => ({ rule, identity })),
      onOver,
    );
  }

  /**
   * A socket that somebody opens. What is answered gives back its place.
   *
   * @param onOver as of `knock`
   * @throws {HubError} `RATE_LIMITED`
   */
  connect(caller: Caller, onOver: OnOver): Promise<() => void> {
    const [identity, who] = [caller.userId, classOf(caller)];
    const rules = [`connect.${who}`, `sockets.${who}`] as const;
    return this.#enter(
      rules.map((rule) => ({ rule, identity })),
      onOver,
    );
  }

  /**
   * One address is held up soon for one handle, later for all that it tries; a handle is only held up for everybody when many addresses try it, so
   * that nobody locks somebody else out from a single one.
   *
   * @throws {HubError} `RATE_LIMITED`
   */
  async password(handle: string, address: string): Promise<void> {
    const network = networkOf(address);
    await this.#pass([
      { rule: 'sign-in', identity: pairOf(handle, network) },
      { rule: 'sign-in.address', identity: network },
      // What is typed there may be a password.
      { rule: 'sign-in.handle', identity: digestOf(handle) },
    ]);
  }

  /** It was who they said: earlier slips of the finger are forgotten. */
  async rightPassword(handle: string, address: string): Promise<void> {
    if (!this.#rules.has('sign-in')) return;
    const target = { rules: 'sign-in', identity: pairOf(handle, networkOf(address)) } as const;
    // Where the store is away they come back by themselves.
    await this.#limiter?.reset(target).catch(() => undefined);
  }

  /** @throws {HubError} `RATE_LIMITED` */
  async setupCode(address: string): Promise<void> {
    await this.#pass([{ rule: 'sign-in.address', identity: networkOf(address) }]);
  }

  /** What this node has admitted and denied since its start. */
  figures(): LimitFigures {
    const stats = this.#limiter?.stats();
    const limits = (stats?.rules ?? []).flatMap(({ name, admitted, denied }) => {
      const rule = this.#rules.get(name);
      if (rule === undefined) return [];
      const { limit, seconds } = rule;
      return [{ name, limit, seconds, admitted: admitted + this.#ahead.used(name), denied }];
    });
    const denied = this.#limiter?.topDenied(mostDenied) ?? [];
    return {
      limits,
      denied: denied.map(({ rule: name, identity, denied: times }) => ({ name, identity, denied: times })),
      away: stats?.away ?? 0,
    };
  }

  /** What holds for each while the store is away. */
  policies(): LimitPolicy[] {
    return Array.from(this.#rules, ([name, { limit: allows, options }]) => {
      return { name, allows, away: options.whenAway ?? 'share' };
    });
  }

  /** Among how many the doors are shared while the store is away. */
  nodes(): number {
    return this.#nodes();
  }

  close(): void {
    this.#slots?.close();
  }

  /** Undefined: it is paid already, or not limited. */
  #charge(call: RuleCall<LimitName>, clientId?: string): Promise<Verdict> | undefined {
    const limit = this.#rules.get(call.rule)?.limit ?? 0;
    if (unitsAhead(limit) === 1) return this.#check([call], clientId);
    const payer = { rule: call.rule, identity: String(call.identity) };
    if (this.#ahead.take(payer, clientId)) return undefined;
    const cost = this.#ahead.begin(payer, limit);
    const charged = cost === 1 ? this.#check([call], clientId) : this.#check([{ ...call, cost }]);
    return charged?.then((verdict) => {
      this.#ahead.end(payer, cost, verdict, clientId);
      // Where there is no room for several there may be for one.
      return verdict.ok || cost === 1 ? verdict : (this.#check([call], clientId) ?? verdict);
    });
  }

  async #enter(calls: readonly RuleCall<LimitName>[], onOver: OnOver): Promise<() => void> {
    const verdict = await this.#check(calls);
    if (verdict === undefined) return () => undefined;
    if (!verdict.ok) throw tooManyOf(verdict);
    return this.#slots?.keep(verdict, (refusal) => onOver(tooManyOf(refusal))) ?? (() => undefined);
  }

  #check(calls: readonly RuleCall<LimitName>[], clientId?: string): Promise<Verdict> | undefined {
    const wanted = calls.filter(({ rule }) => this.#rules.has(rule));
    if (this.#limiter === undefined || wanted.length === 0) return undefined;
    return this.#limiter.check(wanted, clientId === undefined ? {} : { token: plain(clientId) });
  }

  async #pass(calls: readonly RuleCall<LimitName>[]): Promise<void> {
    const verdict = await this.#check(calls);
    if (verdict?.ok === false) throw refusalOf(verdict);
  }
}

export const noLimits = new HubLimits({ limiter: undefined, rules: new Map() });

/** What who was denied is told. */
export function refusalOf({ violated, retryAfterMs }: Pick<Verdict, 'violated' | 'retryAfterMs'>): HubError {
  const what = violated.join(' and ');
  return new HubError('RATE_LIMITED', `too many at once (${what}): wait a while`, {
    retryAfter: Math.ceil(Math.min(retryAfterMs, 3_600_000)),
  });
}

/** The same of a socket: who has as many as may be has to end one of them, which may be any moment. */
function tooManyOf({ violated, retryAfterMs }: Pick<Verdict, 'violated' | 'retryAfterMs'>): HubError {
  const isFull = violated.some(isAtOnce);
  return refusalOf({ violated, retryAfterMs: isFull ? Math.min(retryAfterMs, longestWaitMs) : retryAfterMs });
}

function classOf({ role, kind }: Caller): LimitClass {
  if (role === 'owner' || role === 'admin') return 'admin';
  return kind;
}

/** All addresses that one can choose from are one. What a proxy calls by another name than an address is one as well. */
function networkOf(address: string): string {
  try {
    return subnetOf(address);
  } catch {
    return 'unknown';
  }
}

const digestOf = (text: string): string => hashOf(text).toString('base64url');

const pairOf = (handle: string, network: string): string => digestOf(`${network} ${handle}`);

/** Clients may choose any characters. */
const plain = (clientId: string): string => (/^[\w:.-]+$/.test(clientId) ? clientId : digestOf(clientId));
