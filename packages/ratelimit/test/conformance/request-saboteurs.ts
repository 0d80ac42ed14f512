import type { TakeRequest } from '@parley/ratelimit';
import { charges, methods, oneByOne, requests, targets, type Saboteur, type Saboteurs } from './saboteur.ts';

/** Charges what it denies. */
const costly: Saboteur = methods((good) => ({
  take: async (all) =>
    all.map((request) => {
      const taken = good.takeNow(request);
      if (!taken.ok) {
        for (const { rule, identity } of request.charges) void good.adjust([{ rule, identity, by: 1 }]);
      }
      return taken;
    }),
}));

const withoutToken = ({ charges, holder }: TakeRequest): TakeRequest => ({ charges, holder });

const renamed = (id: (request: TakeRequest) => string): Saboteur =>
  requests((request) =>
    request.token === undefined
      ? request
      : { ...request, token: { ...request.token, id: id(request) + request.token.id } },
  );

/** Remembers a token for whatever request comes with it. */
const careless: Saboteur = methods((good) => {
  const known = new Set<string>();
  return {
    take: async (all) =>
      all.map((request) => {
        const id = request.token?.id;
        if (id !== undefined && known.has(id)) {
          const standings = request.charges.map((charge) => ({
            ...good.peekNow(charge),
            ok: true,
            retryAfterMs: 0,
          }));
          return { ok: true, replayed: true, at: good.peekNow(request.charges[0] ?? never()).at, standings };
        }
        const taken = good.takeNow(request);
        if (id !== undefined && taken.ok) known.add(id);
        return taken;
      }),
  };
});

const never = (): never => {
  throw new TypeError('a request has charges');
};

/** Whatever came with a token is that again, also what was denied. */
const stubborn: Saboteur = methods((good) => {
  const known = new Map<string, ReturnType<typeof good.takeNow>>();
  return {
    take: async (all) =>
      all.map((request) => {
        const name = request.token && JSON.stringify([request.token, request.charges]);
        const taken = (name === undefined ? undefined : known.get(name)) ?? good.takeNow(request);
        if (name !== undefined) known.set(name, { ...taken, replayed: taken.ok });
        return taken;
      }),
  };
});

/** Reads, waits, writes. */
const racing: Saboteur = methods((good) => ({
  take: async (all) => {
    const looks = await good.peek(all.flatMap((request) => request.charges));
    await new Promise(setImmediate);
    let at = 0;
    return all.map((request) => {
      const own = request.charges.map(() => looks[at++]);
      const ok = own.every((one) => one?.ok === true);
      if (ok)
        for (const { rule, identity, cost } of request.charges)
          void good.adjust([{ rule, identity, by: cost }]);
      const standings = own.flatMap((one) => one ?? []);
      return { ok, replayed: false, at: standings[0]?.at ?? 0, standings };
    });
  },
}));

const shadowless = charges(({ rule, identity, cost }) => ({ rule, identity, cost }));

const asciiOnly = (name: string): string => name.replaceAll(/[^a-z0-9]/gi, 'x');

export const requestSaboteurs: Saboteurs = {
  'a request is charged as a whole or not at all, and what is denied costs nothing': [oneByOne, costly],
  'a request over several identities is charged as a whole or not at all': [oneByOne, costly],
  'charges in shadow decide nothing, and are made where they can be': [
    shadowless,
    requests((request) => ({ ...request, charges: request.charges.filter(({ shadow }) => shadow !== true) })),
    oneByOne,
  ],
  'a request that was admitted under a token changes nothing when it comes again': [
    requests(withoutToken),
    renamed(() => `${Math.random()}`),
    // It is looked for only after the rules had their say.
    methods((good) => ({
      take: async (all) =>
        all.map((request) => {
          const peeked = request.charges.map((charge) => good.peekNow({ ...charge, cost: 1 }));
          return good.takeNow(
            peeked.every(({ blockedMs }) => blockedMs === 0) ? request : withoutToken(request),
          );
        }),
    })),
  ],
  'a request that was denied under a token is decided anew': [stubborn],
  'a token belongs to its request, and another one with the same token is charged': [
    careless,
    renamed(({ charges: [first] }) => `${Math.random()}${first?.identity}`),
  ],
  'a token is forgotten after its time': [
    requests((request) =>
      request.token === undefined ? request : { ...request, token: { ...request.token, keepMs: 86_400_000 } },
    ),
    requests((request) =>
      request.token === undefined ? request : { ...request, token: { ...request.token, keepMs: 1 } },
    ),
  ],
  'requests of one call are decided in their order': [
    methods((good) => ({
      take: async (all) =>
        all
          .toReversed()
          .map((request) => good.takeNow(request))
          .toReversed(),
    })),
    // All by what there was before the call.
    racing,
  ],
  'one call carries as much as the store allows, or nothing': [
    methods((good) => ({ take: (all) => good.take(all.slice(0, 100)) })),
    methods((good) => ({ peek: async (all) => (await good.peek(all)).toReversed() })),
    methods((good) => ({ renew: async (all) => [...(await good.renew(all)), { held: false, at: 0 }] })),
  ],
  'of many who ask at once no more are admitted than there is': [racing, oneByOne],
  'a look changes nothing': [
    methods((good) => ({
      peek: async (all) =>
        all.map((charge) => {
          const {
            at,
            standings: [standing],
          } = good.takeNow({ charges: [charge] });
          return standing === undefined ? never() : { ...standing, at };
        }),
    })),
  ],
  'names mean nothing': [
    targets((target) => ({ ...target, identity: asciiOnly(target.identity) })),
    targets((target) => ({ ...target, identity: target.identity.toLowerCase() })),
    targets((target) => ({ ...target, identity: target.identity.trimEnd() })),
    requests((request) => ({ ...request, holder: asciiOnly(request.holder ?? '') })),
  ],
};
