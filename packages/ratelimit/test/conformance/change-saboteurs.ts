import { methods, requests, targets, type Saboteur, type Saboteurs } from './saboteur.ts';

const days = 86_400_000;

const withoutPlan: Saboteur = targets((target) => ({
  ...target,
  rule: { ...target.rule, block: undefined },
}));

const plan = (more: object): Saboteur =>
  targets((target) =>
    target.rule.block === undefined
      ? target
      : { ...target, rule: { ...target.rule, block: { ...target.rule.block, ...more } } },
  );

export const changeSaboteurs: Saboteurs = {
  'penalties charge without asking up to twice the burst, and rewards give back what was charged': [
    methods((good) => ({
      adjust: (all) => good.adjust(all.map((one) => ({ ...one, by: Math.min(one.by, 4) }))),
    })),
    methods((good) => ({
      adjust: (all) => good.adjust(all.map((one) => ({ ...one, by: Math.abs(one.by) }))),
    })),
    // A reward beyond what was charged is credit.
    methods((good) => ({
      adjust: async (all) =>
        (await good.adjust(all)).map((one, i) => ((all[i]?.by ?? 0) < -9 ? { ...one, remaining: 9 } : one)),
    })),
  ],
  'a block denies everything until it is over or ended, and costs nothing': [
    methods((good) => ({ block: (all) => good.block(all.map((one) => ({ ...one, forMs: one.forMs * 2 }))) })),
    methods((good) => ({
      block: (all) => good.block(all.map((one) => ({ ...one, forMs: one.forMs || 1 }))),
    })),
    methods((good) => ({
      block: async (all) => {
        await good.adjust(
          all.filter(({ rule }) => rule.kind !== 'concurrency').map((one) => ({ ...one, by: 1 })),
        );
        return good.block(all);
      },
    })),
  ],
  'who exceeds a rule with a plan is blocked, longer each time until that is forgotten': [
    withoutPlan,
    plan({ factor: 1 }),
    plan({ maxMs: days }),
    plan({ forgetMs: days }),
    plan({ forgetMs: 0 }),
  ],
  'only the rule that was exceeded blocks, and only where it was a call': [
    // All rules of a request that is denied.
    methods((good) => ({
      take: async (all) =>
        all.map((request) => {
          const taken = good.takeNow(request);
          const { charges } = request;
          if (!taken.ok) void good.block(charges.map((one) => ({ ...one, forMs: 3_600_000 })));
          return taken.ok ? taken : { ...taken, standings: charges.map((one) => good.peekNow(one)) };
        }),
    })),
    methods((good) => ({
      peek: async (all) =>
        all.map((one) => {
          const peeked = good.peekNow(one);
          if (!peeked.ok) void good.block([{ ...one, forMs: days }]);
          return peeked;
        }),
    })),
  ],
  'a reset is about one identity and one rule, and takes blocks along': [
    methods(() => ({ reset: async () => undefined })),
    methods((good) => ({ reset: async () => good.forget() })),
    methods((good) => ({
      reset: async (all) => void (await good.adjust(all.map((one) => ({ ...one, by: -100 })))),
    })),
  ],
  'slots are held by their holder until they are given back': [
    requests((request) => ({ ...request, holder: `${request.holder}${Math.random()}` })),
    methods((good) => ({ release: (all) => good.release(all.slice(0, 0)) })),
    methods((good) => ({
      release: async (all) => (await good.release(all)).map((one) => ({ ...one, held: true })),
    })),
    methods((good) => ({
      renew: async (all) => (await good.renew(all)).map((one) => ({ ...one, held: true })),
    })),
  ],
  'slots that nobody renews come back by themselves': [
    methods((good) => ({
      renew: async (all) => all.map((one) => ({ held: true, at: good.peekNow({ ...one, cost: 1 }).at })),
    })),
    targets((target) => ({ ...target, rule: { ...target.rule, periodMs: days } })),
  ],
};
