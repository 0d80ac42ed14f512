import { setTimeout as sleep } from 'node:timers/promises';
import { checkLinearizable, type Operation, type SequentialModel } from './linearizable/check.ts';
import {
  quotaModel,
  slotsModel,
  withoutLostTokens,
  type QuotaInput,
  type QuotaOutput,
  type SlotsInput,
} from './linearizable/limit-models.ts';
import type { Random } from './random.ts';

interface Target<Rule> {
  readonly rule: Rule;
  readonly identity: string;
}

interface Left {
  readonly remaining: number;
}

/** As much of a store of limits as is tried: this package knows none. */
export interface TrafficLimitStore<Rule> {
  take(
    requests: readonly {
      readonly charges: readonly (Target<Rule> & { readonly cost: number })[];
      readonly token?: { readonly id: string; readonly keepMs: number };
      readonly holder?: string;
    }[],
  ): Promise<
    readonly { readonly ok: boolean; readonly replayed: boolean; readonly standings: readonly Left[] }[]
  >;
  peek(charges: readonly (Target<Rule> & { readonly cost: number })[]): Promise<readonly Left[]>;
  adjust(adjustments: readonly (Target<Rule> & { readonly by: number })[]): Promise<readonly Left[]>;
  reset(targets: readonly Target<Rule>[]): Promise<void>;
  release(
    holds: readonly (Target<Rule> & { readonly holder: string })[],
  ): Promise<readonly { readonly held: boolean }[]>;
}

/** Of which nothing comes back by itself while it is tried. */
export interface TrafficRule {
  readonly name: string;
  readonly kind: string;
  readonly limit: number;
}

export interface LimitTrafficOptions<Rule extends TrafficRule> {
  readonly random: Random;
  readonly rules: readonly [Rule, ...Rule[]];
  /** Aborted when it is enough. */
  readonly until: AbortSignal;
  /** Whether it is the store that is in trouble, which is expected here. */
  readonly isTrouble: (error: unknown) => boolean;
}

export interface LimitTotals {
  readonly calls: number;
  readonly admitted: number;
  readonly replayed: number;
  readonly unknown: number;
}

type History<Input, Output> = Map<string, Operation<Input, Output>[]>;

/** After so many calls about an identity there is another one: what all of them saw must be put in order. */
const callsEach = 50;
const keepMs = 3_600_000;

/**
 * Each store is used by one who takes units and slots, gives them back, looks, and repeats what it got no answer to. Afterwards what all of them
 * saw of each identity must be what such a rule answers to one call after another; rejects if it is not.
 */
export async function runLimitHistory<Rule extends TrafficRule>(
  stores: readonly TrafficLimitStore<Rule>[],
  { random, rules, until, isTrouble }: LimitTrafficOptions<Rule>,
): Promise<LimitTotals> {
  const quotas = new Map(rules.map((rule) => [rule, new Map() as History<QuotaInput, QuotaOutput>]));
  const slots = new Map(rules.map((rule) => [rule, new Map() as History<SlotsInput, boolean>]));
  let calls = 0;

  const record = async <Input, Output>(
    into: History<Input, Output> | undefined,
    identity: string,
    by: string,
    input: Input,
    call: () => Promise<Output>,
  ): Promise<Output | undefined> => {
    calls += 1;
    const calledAt = performance.now();
    const output = await call().catch((error: unknown) => {
      if (!isTrouble(error)) throw error;
      return undefined;
    });
    const operation = {
      by,
      input,
      calledAt,
      answer: output === undefined ? undefined : { output, at: performance.now() },
    };
    const history = into?.get(identity);
    if (history === undefined) into?.set(identity, [operation]);
    else history.push(operation);
    return output;
  };

  const use = async (
    store: TrafficLimitStore<Rule>,
    target: Target<Rule>,
    by: string,
    own: Random,
  ): Promise<void> => {
    const seen = (input: QuotaInput, call: () => Promise<QuotaOutput>) =>
      record(quotas.get(target.rule), target.identity, by, input, call);
    const left = (found: readonly Left[]): QuotaOutput => ({
      ok: true,
      replayed: false,
      remaining: found[0]?.remaining,
    });
    const what = own.next();
    if (what < 0.1)
      await seen({ kind: 'look' }, async () => left(await store.peek([{ ...target, cost: 1 }])));
    else if (what < 0.2) {
      const units = own.between(1, 3);
      await seen({ kind: 'give back', units }, async () =>
        left(await store.adjust([{ ...target, by: -units }])),
      );
    } else if (what < 0.22) {
      await seen({ kind: 'forget' }, async () => {
        await store.reset([target]);
        return { ok: true, replayed: false, remaining: undefined };
      });
    } else {
      const cost = own.between(1, 3);
      const token = own.chance(0.6) ? by : undefined;
      const take = () =>
        seen({ kind: 'take', cost, token }, async () => {
          const named = token === undefined ? {} : { token: { id: token, keepMs } };
          const [reply] = await store.take([{ charges: [{ ...target, cost }], ...named }]);
          return {
            ok: reply?.ok ?? false,
            replayed: reply?.replayed ?? false,
            remaining: reply?.standings[0]?.remaining,
          };
        });
      let taken = await take();
      // Whoever got no answer asks again, and some who got one do so too.
      for (let again = 0; again < 2 && (taken === undefined || own.chance(0.2)); again++) {
        await sleep(own.between(0, 100));
        if (token !== undefined) taken = await take();
      }
    }
  };

  const hold = async (
    store: TrafficLimitStore<Rule>,
    target: Target<Rule>,
    holder: string,
    own: Random,
  ): Promise<void> => {
    const seen = (kind: SlotsInput['kind'], call: () => Promise<boolean>) =>
      record(slots.get(target.rule), target.identity, holder, { kind, holder }, call);
    const take = () =>
      seen('hold', async () => {
        const [reply] = await store.take([{ charges: [{ ...target, cost: 1 }], holder }]);
        return reply?.ok ?? false;
      });
    const taken = (await take()) ?? (await sleep(own.between(0, 100)).then(take));
    if (taken === false) return;
    await sleep(own.between(0, 60));
    const letGo = () =>
      seen('let go', async () => (await store.release([{ ...target, holder }]))[0]?.held ?? false);
    if ((await letGo()) === undefined) await sleep(own.between(0, 100)).then(letGo);
  };

  const party = async (store: TrafficLimitStore<Rule>, name: string, own: Random): Promise<void> => {
    for (let n = 1; !until.aborted; n++) {
      const rule = own.pick(rules);
      const target = { rule, identity: `i${Math.floor(calls / callsEach / rules.length)}` };
      await (rule.kind === 'concurrency' ? hold : use)(store, target, `${name}.${n}`, own);
      await sleep(own.between(0, 5));
    }
  };

  await Promise.all(stores.map((store, i) => party(store, `p${i}`, random.fork())));
  for (const [rule, histories] of quotas)
    for (const [identity, history] of histories)
      requireOrder(`${rule.name} of ${identity}`, quotaModel(rule.limit), withoutLostTokens(history));
  for (const [rule, histories] of slots)
    for (const [identity, history] of histories)
      requireOrder(`${rule.name} of ${identity}`, slotsModel(rule.limit), history);
  const units = [...quotas.values()].flatMap((histories) => [...histories.values()].flat());
  const holds = [...slots.values()].flatMap((histories) => [...histories.values()].flat());
  const admitted = units.filter(({ input, answer }) => input.kind === 'take' && answer?.output.ok);
  return {
    calls,
    admitted: admitted.length + holds.filter(({ answer }) => answer?.output).length,
    replayed: admitted.filter(({ answer }) => answer?.output.replayed).length,
    unknown: [...units, ...holds].filter(({ answer }) => answer === undefined).length,
  };
}

function requireOrder<State, Input, Output>(
  what: string,
  model: SequentialModel<State, Input, Output>,
  history: readonly Operation<Input, Output>[],
): void {
  const verdict = checkLinearizable(model, history);
  if (verdict.linearizable) return;
  const lines = [...verdict.longest.slice(-10), '--- none of these can come next:', ...verdict.stuck];
  throw new Error(`${what} was not counted right:\n${lines.map((one) => JSON.stringify(one)).join('\n')}`);
}
