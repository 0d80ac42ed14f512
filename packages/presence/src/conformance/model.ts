import assert from 'node:assert/strict';
import type { Change, SetEntry } from '../change.ts';
import type { Appended } from '../view.ts';
import { longMs, remove, set, told, unique, viewOf, type PresenceHarness } from './harness.ts';
import { LogFollower } from './log-follower.ts';
import { ModelChannel, reapInModel, removeInModel, setInModel } from './model-channel.ts';
import { parties, sizes, type ModelItem, type ModelStep } from './model-step.ts';

interface Actor {
  lease: string;
  former: string | undefined;
  turn: number;
  /** The last turn under this lease that changed something in the first channel. */
  first: number | undefined;
}

/**
 * Plays steps on a store and on a model of it, and compares: what is answered, who is there, how many, and whether the logs explain it. Made
 * for generators that draw steps and shrink them.
 */
export async function playModel(harness: PresenceHarness, steps: readonly ModelStep[]): Promise<void> {
  const play = new Play(harness);
  await play.begin();
  for (const step of steps) await play.take(step);
  await play.end();
}

class Play {
  readonly #harness: PresenceHarness;
  readonly #names = Array.from({ length: sizes.channel }, () => unique('m'));
  readonly #channels = new Map<string, ModelChannel>();
  readonly #logs = new Map<string, LogFollower>();
  readonly #held = new Map<string, boolean>();
  readonly #actors: Actor[] = [];
  readonly #isHeld = (lease: string): boolean => this.#held.get(lease) ?? false;

  constructor(harness: PresenceHarness) {
    this.#harness = harness;
    this.#forget();
  }

  async begin(): Promise<void> {
    for (let i = 0; i < parties; i++) this.#actors.push(await this.#start());
  }

  async take(step: ModelStep): Promise<void> {
    if (step.do === 'reap') await this.#reap(step.limit);
    else if (step.do === 'read') await this.#read(this.#names[step.channel] ?? '');
    else if (step.do === 'lose') await this.#lose();
    else {
      const actor = this.#actors[step.by];
      assert(actor !== undefined);
      if (step.do === 'set' || step.do === 'remove')
        await this.#change(
          actor,
          step.items.map((item) => this.#changeOf(step.do, item)),
        );
      else await this.#lead(step.do, step.by, actor);
    }
  }

  /** Everybody goes, and nothing is left. */
  async end(): Promise<void> {
    for (const name of this.#names) await this.#read(name);
    for (const { lease, former } of this.#actors) {
      for (const each of [lease, former ?? lease]) this.#held.set(each, false);
      await this.#harness.store.end([lease, former ?? lease]);
    }
    await this.#reap(7);
    for (const name of this.#names) {
      const left = await viewOf(this.#harness.store, name);
      // What is nobody's stays until its time is over.
      assert.equal(left.entries, this.#of(name).entries);
    }
  }

  #changeOf(kind: 'set' | 'remove', item: ModelItem): Change {
    const [channel, user, id] = [this.#names[item.channel] ?? '', `user ${item.user}`, `id ${item.id}`];
    if (kind === 'remove') return remove(channel, user, id);
    const common = { rank: item.rank, value: item.value === 0 ? '' : `value ${item.value}` };
    // The last channel is forgotten as soon as it can be.
    const idleMs = item.channel === sizes.channel - 1 ? 1 : longMs;
    const kinds: readonly Partial<SetEntry>[] = [
      { take: true },
      { forMs: 1 },
      { forMs: longMs },
      { owned: false, forMs: longMs },
      { owned: false, forMs: 1 },
      // All alike: the order in which several of a user come to linger is the store's choice.
      { rank: 1, value: 'card', lingerMs: longMs },
      { rank: 1, value: 'card', lingerMs: longMs, forMs: 1 },
      { rank: 1, value: 'card', lingerMs: longMs, forMs: longMs },
    ];
    return set(channel, user, id, { ...common, idleMs, ...kinds[item.kind] });
  }

  async #change(actor: Actor, changes: readonly Change[]): Promise<void> {
    const { store, other } = this.#harness;
    const { lease, former } = actor;
    actor.turn += 1;
    const through = actor.turn % 2 === 0 ? store : other;
    const changed = await through.change({ lease, former, turn: actor.turn, changes });
    if (!this.#isHeld(lease)) {
      assert.deepEqual([changed.verdict, changed.appended], ['lapsed', []]);
      await this.#renew(actor);
      return;
    }
    assert.equal(changed.verdict, 'done');
    if (changes.some(({ channel }) => channel === this.#names[0])) actor.first = actor.turn;
    const batch = { lease, former, isHeld: this.#isHeld };
    const expected = changes.map((change) => {
      const channel = this.#of(change.channel);
      const became =
        change.kind === 'set' ? setInModel(channel, change, batch) : removeInModel(channel, change, batch);
      return { ...became, channel: change.channel };
    });
    assert.deepEqual(
      changed.outcomes,
      expected.map(({ outcome }) => outcome),
    );
    for (const name of this.#names) {
      const diffs = changed.appended.filter(({ channel }) => channel === name).flatMap((each) => each.diffs);
      const words = expected.flatMap((each) => (each.channel === name ? (each.told ?? []) : []));
      assert.deepEqual(diffs.map(told), words);
    }
    this.#follow(changed.appended);
    const touched = new Set(changes.map(({ channel }) => channel));
    await Promise.all(Array.from(touched, (name) => this.#read(name)));
  }

  async #lead(
    what: 'beat' | 'crash' | 'end' | 'renew' | 'late' | 'start',
    by: number,
    actor: Actor,
  ): Promise<void> {
    const { store, other } = this.#harness;
    const { lease, former } = actor;
    if (what === 'beat') {
      const { held } = await other.beat(lease, longMs);
      assert.equal(held, this.#isHeld(lease));
    } else if (what === 'crash') await this.#crash(lease);
    else if (what === 'end') {
      await other.end([former ?? lease]);
      this.#held.set(former ?? lease, false);
      actor.former = undefined;
    } else if (what === 'renew') await this.#renew(actor);
    else if (what === 'late') {
      if (actor.first === undefined) return;
      const changes = [set(this.#names[0] ?? '', 'late', 'late')];
      const { verdict, appended } = await store.change({ lease, turn: actor.first, changes });
      if (this.#isHeld(lease)) assert.deepEqual([verdict, appended], ['late', []]);
      else assert.deepEqual([verdict, appended], ['lapsed', []]);
    } else {
      await this.#crash(lease);
      this.#actors[by] = await this.#start();
    }
  }

  async #crash(lease: string): Promise<void> {
    const { store, advance, toleranceMs } = this.#harness;
    await store.beat(lease, 1);
    await advance(toleranceMs + 2);
    this.#held.set(lease, false);
  }

  async #start(): Promise<Actor> {
    const lease = unique('lease');
    await this.#harness.store.open(lease, longMs);
    this.#held.set(lease, true);
    return { lease, former: undefined, turn: 0, first: undefined };
  }

  async #renew(actor: Actor): Promise<void> {
    const { store } = this.#harness;
    if (actor.former !== undefined) {
      await store.end([actor.former]);
      this.#held.set(actor.former, false);
    }
    actor.former = actor.lease;
    actor.lease = unique('lease');
    await store.open(actor.lease, longMs);
    this.#held.set(actor.lease, true);
    actor.first = undefined;
  }

  async #reap(limit: number): Promise<void> {
    const { store, other, advance, toleranceMs } = this.#harness;
    const last = this.#names.at(-1) ?? '';
    const wasEmpty = this.#of(last).users.size === 0;
    await advance(toleranceMs + 2);
    for (let more = true, round = 0; more; round++) {
      const reaped = await (round % 2 === 0 ? store : other).reap(limit);
      this.#follow(reaped.appended);
      more = reaped.more;
      assert(round < 1_000, 'reaping must come to an end');
    }
    for (const name of this.#names) reapInModel(this.#of(name), this.#isHeld);
    await Promise.all(this.#names.map((name) => this.#read(name, name === last && wasEmpty)));
  }

  /** @param isForgotten it must be; a channel that was left a moment ago may be */
  async #read(name: string, isForgotten = false): Promise<void> {
    const log = this.#logOf(name);
    const model = this.#of(name);
    const known = { epoch: log.epoch, offset: log.top };
    const behind = { ...known, offset: Math.max(0, known.offset - 3) };
    const [view, { diffs }] = await Promise.all([
      viewOf(this.#harness.other, name),
      viewOf(this.#harness.store, name, behind),
    ]);
    if (view.epoch === '' && name === this.#names.at(-1)) {
      assert.equal(model.users.size, 0, 'a channel must not be forgotten while somebody is in it');
      this.#logs.set(name, new LogFollower());
    } else {
      assert(!isForgotten || log.top === 0, 'a channel must be forgotten when its time is over');
      assert.deepEqual([view.epoch, view.top], [known.epoch, known.offset]);
      if (known.offset > 0) assert.equal(diffs?.at(-1)?.offset, known.offset);
    }
    const members = (view.members ?? []).map(({ user, rank, value }) => `${user} ${rank} ${value}`.trimEnd());
    assert.deepEqual(members.toSorted(), model.members);
    assert.deepEqual([view.users, view.entries], [model.users.size, model.entries]);
    assert.deepEqual(this.#logOf(name).words, model.members);
  }

  async #lose(): Promise<void> {
    const { lose } = this.#harness;
    if (lose === undefined) return;
    await lose();
    this.#forget();
    for (const lease of this.#held.keys()) this.#held.set(lease, false);
    for (const name of this.#names) await this.#read(name);
  }

  #follow(appended: readonly Appended[]): void {
    for (const { channel, epoch, diffs } of appended) this.#logOf(channel).take(epoch, diffs);
  }

  #forget(): void {
    for (const name of this.#names) {
      this.#channels.set(name, new ModelChannel());
      this.#logs.set(name, new LogFollower());
    }
  }

  #of(name: string): ModelChannel {
    const channel = this.#channels.get(name);
    assert(channel !== undefined);
    return channel;
  }

  #logOf(name: string): LogFollower {
    const log = this.#logs.get(name);
    assert(log !== undefined);
    return log;
  }
}
