import assert from 'node:assert/strict';
import type { Connection, Presence, PresenceEvent } from '@parley/presence';
import type { VirtualClock } from '@parley/cache-core/kernel';
import fc from 'fast-check';
import { test } from 'vitest';
import { partedStore, type PartedStore } from './parted-store.ts';
import { World, type Process } from './world.ts';

/** What happens to several processes: people come and go, processes crash and hang, the store is cut off and loses its data. */
interface Step {
  readonly do:
    | 'join'
    | 'leave'
    | 'update'
    | 'lost'
    | 'status'
    | 'crash'
    | 'pause'
    | 'resume'
    | 'deaf'
    | 'cut all'
    | 'forget'
    | 'part away'
    | 'parts back'
    | 'wait';
  readonly by: number;
  readonly user: number;
  readonly tab: number;
  readonly channel: number;
  readonly ms: number;
}

const weighted = [
  ...Array.from({ length: 8 }, () => 'join' as const),
  ...Array.from({ length: 4 }, () => 'leave' as const),
  ...Array.from({ length: 4 }, () => 'update' as const),
  ...Array.from({ length: 4 }, () => 'wait' as const),
  ...(['lost', 'status', 'crash', 'pause', 'resume', 'resume', 'deaf', 'cut all', 'forget'] as const),
];

const stepOf = (what: readonly Step['do'][]): fc.Arbitrary<Step> =>
  fc.record({
    do: fc.constantFrom<Step['do']>(...what),
    by: fc.nat(2),
    user: fc.nat(3),
    tab: fc.nat(2),
    channel: fc.nat(1),
    ms: fc.nat(4_000),
  });

const channels = ['red', 'blue'];

/** A store of which some of the parts may be away. */
function inParts(clock: VirtualClock, away: Set<string>): PartedStore {
  const parts = ['c:red', 'c:blue', 'u', 's', 'rest'];
  return partedStore(
    clock,
    parts,
    (channel) => parts.find((part) => channel.startsWith(part)) ?? 'rest',
    away,
  );
}

/** What one watcher was told, checked as it comes. */
class Ledger {
  readonly #members = new Map<string, string>();
  #offset: number | undefined;
  readonly violations: string[] = [];

  readonly listener = (event: PresenceEvent): void => {
    const position = event.type === 'snapshot' ? event.roster.position : event.position;
    if (this.#offset !== undefined && position.offset !== this.#offset + 1)
      this.violations.push(`offset ${position.offset} behind ${this.#offset}`);
    this.#offset = position.offset;
    if (event.type === 'snapshot') {
      this.#members.clear();
      for (const { user, status } of event.roster.members) this.#members.set(user, status);
    } else if (event.type === 'leave') {
      if (!this.#members.delete(event.user)) this.violations.push(`${event.user} left, and was not there`);
    } else if (event.type !== 'stale') {
      const { user, status } = event.member;
      if (this.#members.has(user) !== (event.type === 'update'))
        this.violations.push(`${event.type} of ${user}, who was ${this.#members.get(user) ?? 'away'}`);
      this.#members.set(user, status);
    }
  };

  get words(): string[] {
    return [...this.#members].map(([user, status]) => `${user} ${status}`).toSorted();
  }
}

class Play {
  readonly world: World;
  readonly #ledgers = new Map<string, Ledger>();
  #processes: Process[] = [];
  readonly #away: Set<string>;
  readonly #connections = new Map<Presence, Set<Connection>>();

  constructor(world: World, away = new Set<string>()) {
    this.world = world;
    this.#away = away;
    for (let i = 0; i < 3; i++) this.#processes.push(this.#start());
  }

  async take({ do: what, by, user, tab, channel, ms }: Step): Promise<void> {
    const { clock, store } = this.world;
    const process = this.#processes[by];
    assert(process !== undefined);
    const { presence, cable } = process;
    const here = channels[channel] ?? '';
    const connection = (): Connection => {
      const one = presence.connect({ user: `user ${user}`, connection: `tab ${by} ${tab}` });
      const known = this.#connections.get(presence) ?? new Set();
      this.#connections.set(presence, known.add(one));
      return one;
    };
    const ignore = (): undefined => undefined;
    if (what === 'join') connection().join(here).catch(ignore);
    else if (what === 'leave') connection().leave(here).catch(ignore);
    else if (what === 'update')
      connection()
        .update({ activity: ms % 2 === 0 ? 'away' : 'online' })
        .catch(ignore);
    else if (what === 'lost') connection().lost();
    else if (what === 'status') {
      const status =
        ms % 3 === 0 ? undefined : ({ availability: ms % 2 === 0 ? 'dnd' : 'invisible' } as const);
      presence.setStatus(`user ${user}`, status).catch(ignore);
    } else if (what === 'crash') {
      cable.state = 'hung';
      this.#processes[by] = this.#start();
    } else if (what === 'pause') cable.state = 'hung';
    else if (what === 'resume') for (const each of this.#processes) each.cable.state = 'fine';
    else if (what === 'deaf') cable.deaf = !cable.deaf;
    else if (what === 'cut all') for (const each of this.#processes) each.cable.state = 'cut';
    else if (what === 'forget') store.forget();
    else if (what === 'part away') this.#away.add(['c:red', 'c:blue', 'u', 's'][user] ?? '');
    else if (what === 'parts back') this.#away.clear();
    await clock.advance(what === 'wait' ? ms : ms % 50);
  }

  /** Everything works again, and time passes: then every process must know what the store knows, and the store what was asked for. */
  async end(): Promise<void> {
    for (const { cable } of this.#processes) {
      cable.state = 'fine';
      cable.deaf = false;
    }
    this.#away.clear();
    await this.world.clock.advance(45_000);
    for (const [name, ledger] of this.#ledgers) {
      assert.deepEqual(ledger.violations, [], name);
    }
    for (const here of channels) {
      const late = this.world.presence();
      const truth = await this.world.settle(late.members(here));
      const words = truth.members.map(({ user, status }) => `${user} ${status}`).toSorted();
      for (const { presence } of this.#processes) {
        const roster = await this.world.settle(presence.members(here));
        assert.equal(roster.stale, false);
        assert.deepEqual(roster.members.map(({ user, status }) => `${user} ${status}`).toSorted(), words);
        const ledger = this.#ledgers.get(`${presence.processId} ${here}`);
        assert.deepEqual(ledger?.words, words);
      }
      const entries = this.#processes.flatMap(({ presence }) =>
        [...(this.#connections.get(presence) ?? [])].filter((one) => one.open && one.channels.has(here)),
      );
      assert.equal(truth.connections, entries.length, `connections in ${here}`);
    }
    await this.world.close();
  }

  #start(): Process {
    const process = this.world.process();
    for (const here of channels) {
      const ledger = new Ledger();
      this.#ledgers.set(`${process.presence.processId} ${here}`, ledger);
      process.presence.watch(here, ledger.listener);
    }
    return process;
  }
}

const plays = {
  'one store': { steps: weighted, play: () => new Play(new World()) },
  'a store in parts': {
    steps: [...weighted, ...(['part away', 'part away', 'parts back', 'parts back'] as const)],
    play: () => {
      const away = new Set<string>();
      return new Play(new World((clock) => inParts(clock, away)), away);
    },
  },
};

test.each(Object.entries(plays))(
  'whatever happens to processes and %s, in the end all see the same, and each was told of every change once',
  async (name, { steps: what, play }) => {
    const seed = Date.now() % 2 ** 31;
    process.stdout.write(`presence processes on ${name}: seed ${seed}\n`);
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(stepOf(what), { minLength: 40, maxLength: 90 }), async (some) => {
        steps += some.length;
        const one = play();
        for (const next of some) await one.take(next);
        await one.end();
      }),
      { numRuns: 120, seed },
    );
    process.stdout.write(`presence processes on ${name}: ${steps} steps\n`);
  },
  240_000,
);
