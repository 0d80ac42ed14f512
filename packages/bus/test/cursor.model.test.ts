import assert from 'node:assert/strict';
import type { Position, StoredRecord } from '@parley/bus';
import fc from 'fast-check';
import { it } from 'vitest';
import { follow, ScriptedLog, type Followed } from './scripted-log.ts';

type Fate = 'told' | 'lost' | 'late' | 'twice' | 'place only';

type Step =
  | { readonly do: 'append'; readonly count: number; readonly fate: Fate }
  | { readonly do: 'trim'; readonly count: number }
  | { readonly do: 'fail over'; readonly lost: number }
  | { readonly do: 'lose all' }
  | { readonly do: 'late push' }
  | { readonly do: 'lose feed' }
  | { readonly do: 'join' }
  | { readonly do: 'answer'; readonly asItWas: boolean }
  | { readonly do: 'fail' }
  | { readonly do: 'check' }
  | { readonly do: 'room'; readonly left: number }
  | { readonly do: 'wait' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      count: fc.integer({ min: 1, max: 6 }),
      fate: fc.constantFrom<Fate>('told', 'told', 'lost', 'late', 'twice', 'place only'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('answer' as const), asItWas: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('trim' as const), count: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail over' as const), lost: fc.nat(4) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('room' as const), left: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('lose all', 'late push', 'lose feed', 'join', 'join', 'fail', 'check', 'wait')
      .map((what) => ({ do: what })),
  },
);

/** Carries steps out, and keeps the obligations of a feed: what it has joined it tells, or says that it is lost. */
class Play {
  readonly log = new ScriptedLog();
  readonly one: Followed;
  readonly start: Position | 'now' | 'oldest';
  /** The place that it said it begins behind. */
  begun: Position | undefined;
  #joined = false;
  #late: { readonly epoch: string; readonly records: readonly StoredRecord[] }[] = [];

  constructor(start: Position | 'now' | 'oldest', before: number) {
    this.log.append(before);
    this.start = start;
    if (typeof start === 'object') this.begun = start;
    this.one = follow(this.log, start);
  }

  async take(next: Step): Promise<void> {
    const { log, one } = this;
    const { cursor, clock } = one;
    if (next.do === 'append') this.#append(next.count, next.fate);
    else if (next.do === 'trim') log.trim(next.count);
    else if (next.do === 'fail over') this.#changeEpoch(() => log.failOver(next.lost));
    else if (next.do === 'lose all') this.#changeEpoch(() => log.loseAll());
    else if (next.do === 'late push') this.#pushLate();
    else if (next.do === 'lose feed') this.#lose();
    else if (next.do === 'join') this.#join();
    else if (next.do === 'answer') await this.#answer(next.asItWas);
    else if (next.do === 'fail') await one.fail();
    else if (next.do === 'check') cursor.advanced({ epoch: log.epoch, offset: log.top }, clock.monotonic());
    else if (next.do === 'room') one.room.left = next.left;
    else {
      one.room.left = Infinity;
      cursor.resume();
      await clock.advance(100);
    }
    await clock.settle();
  }

  /** The feed and the reader recover, and a check finds whatever nobody told of. */
  async end(): Promise<void> {
    const { log, one } = this;
    one.room.left = Infinity;
    one.cursor.resume();
    this.#join();
    await one.answerAll();
    one.cursor.advanced({ epoch: log.epoch, offset: log.top }, one.clock.monotonic());
    await one.answerAll();
  }

  async #answer(asItWas: boolean): Promise<void> {
    const { one, log, start } = this;
    const [next] = one.asked;
    const page = next && (asItWas ? next.snapshot : log.page(next.request));
    const unknown = one.cursor.position === undefined;
    await one.answer(asItWas);
    if (!unknown || one.cursor.position === undefined || page === undefined) return;
    this.begun = { epoch: page.epoch, offset: start === 'now' ? page.top : page.oldest - 1 };
  }

  #append(count: number, fate: Fate): void {
    const { log, one } = this;
    const records = log.append(count);
    if (!this.#joined || fate === 'lost') return;
    if (fate === 'late') this.#late.push({ epoch: log.epoch, records });
    else if (fate === 'place only') one.cursor.advanced({ epoch: log.epoch, offset: log.top });
    else one.cursor.records(log.epoch, records);
    if (fate === 'twice') one.cursor.records(log.epoch, records);
  }

  #pushLate(): void {
    const some = this.#late.shift();
    if (some !== undefined && this.#joined) this.one.cursor.records(some.epoch, some.records);
  }

  /** Of another epoch only what is appended from then on is told. */
  #changeEpoch(change: () => void): void {
    this.#lose();
    change();
  }

  #lose(): void {
    if (!this.#joined) return;
    this.#joined = false;
    this.#late = [];
    this.one.cursor.lost();
  }

  #join(): void {
    if (this.#joined) return;
    this.#joined = true;
    this.one.cursor.joined();
  }
}

/** Follows what was told from the start: every step must go on where the one before it ended. */
function explain({ log, one, begun }: Play): void {
  const seen = new Set<string>();
  let place = begun;
  for (const each of one.told) {
    if ('gap' in each) {
      const { from, to, reason, missing } = each.gap;
      if (place !== undefined) assert.deepEqual(from, place);
      if (reason === 'epoch') assert.notEqual(to.epoch, from.epoch);
      else {
        assert.equal(to.epoch, from.epoch);
        assert.equal(missing, to.offset - from.offset);
        assert((missing ?? 0) > 0);
      }
      place = to;
      continue;
    }
    if (place !== undefined) {
      assert.deepEqual(each.place, { epoch: place.epoch, offset: place.offset + 1 });
    }
    assert.equal(log.held.get(`${each.place.epoch} ${each.place.offset}`), each.id);
    assert.equal(seen.has(each.id), false);
    seen.add(each.id);
    place = each.place;
  }
  const end = { epoch: log.epoch, offset: log.top };
  if (place !== undefined) assert.deepEqual(place, end);
  assert.deepEqual(one.cursor.position, end);
  assert.equal(one.cursor.live, true);
}

it('whatever happens, what is delivered and the gaps that are told explain the log: nothing lost, twice or out of order', async () => {
  const starts = fc.constantFrom<Play['start']>('now', 'oldest', { epoch: 'e1', offset: 2 });
  await fc.assert(
    fc.asyncProperty(starts, fc.array(step, { minLength: 5, maxLength: 60 }), async (start, steps) => {
      const play = new Play(start, 3);
      for (const next of steps) await play.take(next);
      await play.end();
      explain(play);
    }),
    { numRuns: 400 },
  );
}, 60_000);
