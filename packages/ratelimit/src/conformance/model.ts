import assert from 'node:assert/strict';
import type { Rule } from '../rule.ts';
import type { Charge, TakeRequest, Target } from '../store.ts';
import { bare, Reference, unique, type LimitHarness } from './harness.ts';
import { identities, modelRules, type ModelCharge, type ModelStep } from './model-step.ts';

/**
 * Plays steps on a store and on the reference functions, and compares all that is answered, at the times that the store gives. Made for
 * generators that draw steps and shrink them.
 */
export async function playModel(harness: LimitHarness, steps: readonly ModelStep[]): Promise<void> {
  const play = new Play(harness);
  for (const step of steps) await play.take(step);
  await play.lookAtAll();
}

class Play {
  readonly #harness: LimitHarness;
  readonly #rules = modelRules(unique('m'));
  readonly #names = Array.from({ length: identities }, () => unique('i'));
  readonly #reference = new Reference();
  #turn = 0;

  constructor(harness: LimitHarness) {
    this.#harness = harness;
  }

  async take(step: ModelStep): Promise<void> {
    this.#turn += 1;
    if (step.do === 'wait') await this.#harness.advance(step.ms);
    else if (step.do === 'take') await this.#request(step.charges, step.token, step.holder);
    else if (step.do === 'peek') await this.#peek(this.#chargeOf(step.charge));
    else await this.#change(step);
  }

  async lookAtAll(): Promise<void> {
    const targets = this.#rules.flatMap((rule) =>
      this.#names.map((identity) => ({ rule, identity, cost: 1 })),
    );
    for (const target of targets) await this.#peek(target);
  }

  /** Both processes in turn. */
  get #store(): LimitHarness['store'] {
    return this.#turn % 2 === 0 ? this.#harness.store : this.#harness.other;
  }

  async #request(wanted: readonly ModelCharge[], token: number | undefined, holder: number): Promise<void> {
    const all = wanted.map((each) => this.#chargeOf(each));
    const [first] = all;
    // Where it takes several steps, they have several times.
    const together = this.#store.capabilities.allOrNone === 'always';
    const charges = all.filter(
      ({ rule, identity }, i) =>
        all.findIndex((other) => other.rule === rule && other.identity === identity) === i &&
        (together || identity === first?.identity),
    );
    const holds = charges.some(({ rule }) => rule.kind === 'concurrency');
    const request: TakeRequest = {
      charges,
      ...(holds && { holder: `h${holder}` }),
      ...(token !== undefined && { token: { id: `t${token}`, keepMs: 90 } }),
    };
    const [taken] = await this.#store.take([request]);
    assert(taken !== undefined, 'every request must have an answer');
    this.#reference.take(request, taken);
  }

  async #peek(one: Charge): Promise<void> {
    const [peeked] = await this.#store.peek([one]);
    this.#reference.peek(one, peeked);
  }

  async #change(step: Exclude<ModelStep, { readonly do: 'take' | 'peek' | 'wait' }>): Promise<void> {
    const { rule, identity } = this.#chargeOf(step.charge);
    const target: Target = { rule, identity };
    const { book } = this.#reference;
    const store = this.#store;
    if (step.do === 'reset') {
      await store.reset([target]);
      book.reset(target);
    } else if (step.do === 'block') {
      const [blocked] = await store.block([{ ...target, forMs: step.forMs }]);
      assert(blocked !== undefined);
      assert.deepEqual(bare(blocked), bare(book.block(target, step.forMs, blocked.at)));
    } else if (step.do === 'adjust') {
      if (rule.kind === 'concurrency') return;
      const [adjusted] = await store.adjust([{ ...target, by: step.by }]);
      assert(adjusted !== undefined);
      assert.deepEqual(bare(adjusted), bare(book.adjust(target, step.by, adjusted.at)));
    } else {
      if (rule.kind !== 'concurrency') return;
      const holder = `h${step.holder}`;
      const [reply] = await store[step.do]([{ ...target, holder }]);
      assert(reply !== undefined);
      assert.equal(reply.held, book[step.do](target, holder, reply.at).held);
    }
  }

  #chargeOf({ rule: at, identity, cost, shadow }: ModelCharge): Charge {
    const rule: Rule | undefined = this.#rules[at];
    assert(rule !== undefined);
    return { rule, identity: this.#names[identity] ?? '', cost: Math.min(cost, rule.burst), shadow };
  }
}
