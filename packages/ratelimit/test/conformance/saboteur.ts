import type {
  Charge,
  LimitStore,
  MemoryLimitStore,
  Standing,
  Taken,
  TakeRequest,
  Target,
} from '@parley/ratelimit';

/** A store that breaks one promise, and otherwise keeps them as well as it can. */
export type Saboteur = (good: MemoryLimitStore) => LimitStore;

/** For each law, stores that it must catch. */
export type Saboteurs = Readonly<Record<string, readonly Saboteur[]>>;

/** Replaces methods. */
export const methods =
  (change: (good: MemoryLimitStore) => Partial<LimitStore>): Saboteur =>
  (good) => ({ ...good, ...change(good) });

/** Changes what is asked for. */
export const requests = (change: (request: TakeRequest) => TakeRequest): Saboteur =>
  methods((good) => ({ take: async (all) => all.map((request) => good.takeNow(change(request))) }));

export const charges = (change: (one: Charge) => Charge): Saboteur =>
  requests((request) => ({ ...request, charges: request.charges.map(change) }));

/** Changes what is answered. */
const answers = (change: (taken: Taken) => Taken): Saboteur =>
  methods((good) => ({ take: async (all) => all.map((request) => change(good.takeNow(request))) }));

export const standings = (change: (one: Standing) => Standing): Saboteur =>
  answers((taken) => ({ ...taken, standings: taken.standings.map(change) }));

/** Takes one identity or rule for another, in every call. */
export const targets = (change: <Item extends Target>(target: Item) => Item): Saboteur =>
  methods((good) => ({
    take: async (all) =>
      all.map((request) => good.takeNow({ ...request, charges: request.charges.map(change) })),
    peek: (all) => good.peek(all.map(change)),
    adjust: (all) => good.adjust(all.map(change)),
    block: (all) => good.block(all.map(change)),
    reset: (all) => good.reset(all.map(change)),
    release: (all) => good.release(all.map(change)),
    renew: (all) => good.renew(all.map(change)),
  }));

/** Each charge of a request by itself, as if there were only that one. */
export const oneByOne: Saboteur = methods((good) => ({
  take: async (all) =>
    all.map((request): Taken => {
      const taken = request.charges.map((charge) => good.takeNow({ ...request, charges: [charge] }));
      return {
        ok: taken.every(({ ok }) => ok),
        replayed: taken.every(({ replayed }) => replayed),
        at: taken[0]?.at ?? 0,
        standings: taken.flatMap((one) => one.standings),
      };
    }),
}));
