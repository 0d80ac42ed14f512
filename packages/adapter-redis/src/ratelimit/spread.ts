import type { Charge, TakeRequest } from '@parley/ratelimit';
import type { Lane } from '../lane.ts';
import { loadScript, type Script } from '../script.ts';
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
const weighScript = loadScript('ratelimit/now', 'ratelimit/counts', 'ratelimit/entries', 'ratelimit/weigh');

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
 *
 * Whoever found a rule with a plan exceeded by what is given back would be blocked for what nobody did. So these parts are only weighed at
 * first, and charged one after another when all that is known admits them: the one with the least left first, since it is the likeliest to deny.
 */
export async function takeSpread(parts: SpreadParts, request: TakeRequest): Promise<KeyedTaken> {
  const { changes, keys } = parts;
  const ask = async (part: Part, script: Script): Promise<Reply> => {
    const call = takeCall(keys, [part]);
    const answer = changes.run('charge a limit', script, call.keys, call.words);
    const [reply] = await Promise.allSettled([answer.then((text) => takenOf(text, [part])[0])]);
    return reply;
  };
  const split = partsOf(request);
  const asked = await Promise.all(
    split.map(async (part): Promise<Asked> => {
      const weighed = part.charges.some(({ rule }) => rule.block !== undefined);
      return { part, weighed, reply: await ask(part, weighed ? weighScript : takeScript) };
    }),
  );
  if (asked.every(isAdmitted)) {
    for (const one of asked.filter(({ weighed }) => weighed).toSorted((a, b) => leftOf(a) - leftOf(b))) {
      one.reply = await ask(one.part, takeScript);
      one.weighed = false;
      if (!isAdmitted(one)) break;
    }
  }
  const ok = asked.every(isAdmitted);
  const failed = asked.map(({ reply }) => reply).find((reply) => reply.status === 'rejected');
  const given = ok ? [] : await giveBack(parts, request, asked, failed === undefined);
  if (failed !== undefined) throw failed.reason;
  const standings = request.charges.map(() => noStanding);
  for (const [i, one] of asked.entries()) {
    for (const [j, place] of one.part.places.entries()) {
      const standing = given[i]?.[j] ?? takenBy(one)?.standings[j];
      if (standing !== undefined) standings[place] = standing;
    }
  }
  const replayed = asked.every((one) => takenBy(one)?.replayed === true);
  const [first] = asked;
  return { ok, replayed, at: (first && takenBy(first)?.at) ?? 0, standings };
}

type Reply = PromiseSettledResult<KeyedTaken | undefined>;

interface Asked {
  readonly part: Part;
  /** It is only known how it would stand. */
  weighed: boolean;
  reply: Reply;
}

const takenBy = ({ reply }: Asked): KeyedTaken | undefined =>
  reply.status === 'fulfilled' ? reply.value : undefined;

const isAdmitted = (one: Asked): boolean => takenBy(one)?.ok === true;

const leftOf = (one: Asked): number =>
  Math.min(...(takenBy(one)?.standings ?? []).map(({ remaining }) => remaining));

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
  asked: readonly Asked[],
  must: boolean,
): Promise<readonly (Standings | undefined)[]> {
  const { token, holder = '' } = request;
  const work = asked.map(async (each): Promise<Standings | undefined> => {
    const one = takenBy(each);
    if (each.weighed || one?.ok !== true) return undefined;
    const { charges, identity } = each.part;
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
