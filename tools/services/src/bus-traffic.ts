import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger, type LedgerGap, type LedgerPlace } from './ledger.ts';
import type { Random } from './random.ts';
import { until } from './until.ts';

/** As much of a bus as traffic needs; one for each process that takes part. */
export interface TrafficBus {
  readonly name: string;
  readonly publish: (
    channel: string,
    text: string,
  ) => Promise<{ readonly id: string; readonly place: LedgerPlace }>;
  readonly subscribe: (channel: string, reader: TrafficReader) => TrafficSubscription;
}

export interface TrafficReader {
  readonly message: (id: string, place: LedgerPlace) => void;
  readonly gap: (gap: LedgerGap) => void;
}

export interface TrafficSubscription {
  /** Resolves with its place when everything from there on arrives. */
  readonly ready: () => Promise<LedgerPlace>;
  readonly live: () => boolean;
  readonly close: () => Promise<void>;
}

export interface TrafficOptions {
  readonly buses: readonly TrafficBus[];
  readonly channels: readonly string[];
  readonly random: Random;
  /** By when a publication must have settled, whatever happens. */
  readonly settleWithinMs: number;
}

/** Everybody publishes on all channels and listens to all of them, while somebody else breaks things; the ledger tells what came of it. */
export class BusTraffic {
  readonly ledger = new Ledger();
  readonly #options: TrafficOptions;
  readonly #subscriptions: TrafficSubscription[] = [];
  readonly #publishers: Promise<void>[] = [];
  readonly #late: string[] = [];
  #stopped = false;
  #acknowledged = 0;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { buses, channels, random } = this.#options;
    await Promise.all(buses.flatMap((bus) => channels.map((channel) => this.#listen(bus, channel))));
    for (const bus of buses) {
      for (const channel of channels) this.#publishers.push(this.#publish(bus, channel, random.fork()));
    }
  }

  /** Resolves when publications are acknowledged again and every subscription is live. */
  async recovered(what: string): Promise<void> {
    const before = this.#acknowledged;
    await until(() => this.#acknowledged > before + 20 && this.#subscriptions.every((each) => each.live()), {
      what: `traffic flows again after ${what}`,
      deadline: 60_000,
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#publishers);
  }

  /** Rejects with what was lost, doubled or out of order. */
  async settle(): Promise<void> {
    await until(() => this.ledger.missing === 0, { what: 'everything has arrived', deadline: 60_000 }).catch(
      () => undefined,
    );
    await Promise.all(this.#subscriptions.map((subscription) => subscription.close()));
    const problems = [...this.#late, ...this.ledger.problems()];
    if (problems.length > 0)
      throw new Error(`${problems.length} promises were broken:\n${problems.slice(0, 20).join('\n')}`);
  }

  get summary(): string {
    const { acknowledged, unknown, delivered, gaps, told } = this.ledger.totals;
    return `${acknowledged} acknowledged, ${unknown} unknown, ${delivered} delivered, ${gaps} gaps told, ${told} told as missing`;
  }

  async #listen(bus: TrafficBus, channel: string): Promise<void> {
    let reader: TrafficReader | undefined;
    const subscription = bus.subscribe(channel, {
      message: (id, place) => reader?.message(id, place),
      gap: (gap) => reader?.gap(gap),
    });
    this.#subscriptions.push(subscription);
    // Nobody publishes before all are there.
    reader = this.ledger.open(bus.name, channel, await subscription.ready());
  }

  async #publish(bus: TrafficBus, channel: string, random: Random): Promise<void> {
    const open = new Set<Promise<void>>();
    for (let number = 0; !this.#stopped; number++) {
      const size = random.chance(0.02) ? 40_000 : random.between(0, 200);
      const one = this.#publishOne(bus, channel, `${bus.name} ${number} ${'x'.repeat(size)}`).finally(() =>
        open.delete(one),
      );
      open.add(one);
      if (open.size >= 8) await Promise.race(open);
      await sleep(random.between(0, 6));
    }
    await Promise.all(open);
  }

  async #publishOne(bus: TrafficBus, channel: string, text: string): Promise<void> {
    const startedAt = performance.now();
    try {
      const { id, place } = await bus.publish(channel, text);
      this.ledger.acknowledge(channel, id, place);
      this.#acknowledged += 1;
    } catch {
      this.ledger.doubt();
    }
    const tookMs = performance.now() - startedAt;
    if (tookMs > this.#options.settleWithinMs)
      this.#late.push(`a publication of ${bus.name} settled after ${Math.round(tookMs)} ms`);
  }
}
