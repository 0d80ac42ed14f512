import type { Charge, TakeRequest } from '@parley/ratelimit';
import type { Lane } from '../lane.ts';
import { loadScript } from '../script.ts';
import type { LimitKeys } from './keys.ts';
import { peekedOf, takeCall, takenOf, targetCall, type KeyedRequest, type KeyedTaken } from './words.ts';

export const takeScript = loadScript(
  'ratelimit/now',
  'ratelimit/quick',
  'ratelimit/counts',
  'ratelimit/entries',
  'ratelimit/take',
);
export const changeScript = loadScript(
  'ratelimit/now',
  'ratelimit/counts',
  'ratelimit/entries',
  'ratelimit/change',
);

export interface SpreadParts {
  readonly changes: Lane;
  readonly keys: LimitKeys;
}

interface Part extends KeyedRequest {
  /** Where each charge is in the request. */
  readonly places: readonly number[];
}

/**
 * A request over identities in several slots of Cluster: each part is decided by itself, and when one is denied the others are given back. In
 * between they are charged, so that others may be denied what is free a moment later; nobody is admitted beyond a limit. What comes back is
 * never more than was charged: of `gcra` and `bucket`, less by what had drained already; of a window that has ended meanwhile, nothing.
 */
export async function takeSpread(parts: SpreadParts, request: TakeRequest): Promise<KeyedTaken> {
  const { changes, keys } = parts;
  const split = partsOf(request);
  const replies = await Promise.allSettled(
    split.map(async (part) => {
      const call = takeCall(keys, [part]);
      return takenOf(await changes.run('charge a limit', takeScript, call.keys, call.words), [part])[0];
    }),
  );
  const taken = replies.map((reply) => (reply.status === 'fulfilled' ? reply.value : undefined));
  const failed = replies.find((reply) => reply.status === 'rejected');
  const ok = taken.every((one) => one?.ok === true);
  const standings = request.charges.map(() => noStanding);
  const given = ok ? [] : await giveBack(parts, request, split, taken, failed === undefined);
  if (failed !== undefined) throw failed.reason;
  for (const [i, part] of split.entries()) {
    for (const [j, place] of part.places.entries()) {
      const standing = given[i]?.[j] ?? taken[i]?.standings[j];
      if (standing !== undefined) standings[place] = standing;
    }
  }
  const replayed = taken.every((one) => one?.replayed === true);
  return { ok, replayed, at: taken[0]?.at ?? 0, standings };
}

const noStanding = { ok: false, charged: false, remaining: 0, retryAfterMs: 0, resetMs: 0, blockedMs: 0 };

function partsOf(request: TakeRequest): Part[] {
  const parts = new Map<string, { charges: Charge[]; places: number[] }>();
  for (const [i, charge] of request.charges.entries()) {
    const part = parts.get(charge.identity) ?? { charges: [], places: [] };
    parts.set(charge.identity, part);
    part.charges.push(charge);
    part.places.push(i);
  }
  return [...parts].map(([identity, part]) => ({ request, identity, ...part }));
}

type Standings = KeyedTaken['standings'];

/** Answers how the charges of each part stand that were given back. */
async function giveBack(
  { changes, keys }: SpreadParts,
  request: TakeRequest,
  split: readonly Part[],
  taken: readonly (KeyedTaken | undefined)[],
  must: boolean,
): Promise<readonly (Standings | undefined)[]> {
  const { token, holder = '' } = request;
  const work = split.map(async ({ charges, identity }, i): Promise<Standings | undefined> => {
    const one = taken[i];
    if (one?.ok !== true) return undefined;
    const charged = charges.filter((_, j) => one.standings[j]?.charged === true);
    const call = targetCall(keys, charged, ({ cost }) => ['u', cost, one.at, holder]);
    // First the token: when the rest is lost, the request is charged again rather than never.
    if (token !== undefined)
      await changes.call('forget a token', ['del', keys.tokenOf(request, identity, token.id)]);
    if (charged.length === 0) return undefined;
    const reply = await changes.run('give back a limit', changeScript, call.keys, call.words);
    const back = peekedOf(reply, charged.length).values();
    return one.standings.map((standing) => {
      const next = standing.charged ? back.next().value : undefined;
      return next === undefined
        ? standing
        : { ...standing, remaining: next.remaining, resetMs: next.resetMs };
    });
  });
  // Where the call fails anyway, what cannot be given back comes back with time.
  return must ? Promise.all(work) : (await Promise.allSettled(work)).map(() => undefined);
}

/** Whether all of it is about one identity, and so in one slot. */
export const isTogether = ({ charges }: TakeRequest): boolean =>
  charges.every(({ identity }) => identity === charges[0]?.identity);
