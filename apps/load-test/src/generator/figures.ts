import { Histogram, type SparseHistogram } from '../measure/histogram.ts';

/** What is timed, each from the moment at which it was due. */
export const meters = [
  /** A message, until a receiver has it. */
  'delivery',
  /** A message, until its sender is told that it is in the log. */
  'ack',
  /** A reaction, until who reacted is told so. */
  'change',
  'typing',
  'presence',
  /** From the loss of a connection until everything that was missed is there, and the receiver live again. */
  'reconnect',
  /** From the moment that a fault was over, or had its effect, until a receiver is given what was due after it. */
  'resume',
  /** A message, until it is drawn on a page. */
  'painted',
  /** A key, until the page hears of it. */
  'key',
  /** And until what it does is drawn. */
  'keyPainted',
  /** By how much the generator itself was late. */
  'lateness',
] as const;
export type Meter = (typeof meters)[number];

const counters = [
  'sent',
  'acked',
  'delivered',
  /** Sent once more, after an error that may pass or a lost connection. */
  'resent',
  'refused',
  /** Ended without our doing. */
  'lostConnections',
  'connections',
  'resyncs',
  /** Events of a channel that other receivers were shown otherwise. */
  'altered',
] as const;
export type Counter = (typeof counters)[number];

export type Counts = Record<Counter, number>;

export function noCounts(): Counts {
  return {
    sent: 0,
    acked: 0,
    delivered: 0,
    resent: 0,
    refused: 0,
    lostConnections: 0,
    connections: 0,
    resyncs: 0,
    altered: 0,
  };
}

export type SparseMeters = Partial<Record<Meter, SparseHistogram>>;

/** What a process of the generator has counted and timed since it was last asked. */
export class Figures {
  #counts = noCounts();
  readonly #histograms = new Map<Meter, Histogram>(meters.map((meter) => [meter, new Histogram()]));
  readonly #refusals = new Map<string, number>();
  /** Before, everything still warms up: it counts for the ledger alone. */
  measureFrom = Infinity;

  count(counter: Counter, by = 1): void {
    this.#counts[counter] += by;
  }

  refused(code: string): void {
    this.count('refused');
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  time(meter: Meter, due: number, now: number): void {
    if (due >= this.measureFrom) this.#histograms.get(meter)?.record(now - due);
  }

  get refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#refusals);
  }

  /** And begins anew. */
  take(): { readonly counts: Counts; readonly meters: SparseMeters } {
    const counts = this.#counts;
    this.#counts = noCounts();
    const taken: SparseMeters = {};
    for (const [meter, histogram] of this.#histograms) {
      if (histogram.count === 0) continue;
      taken[meter] = histogram.sparse();
      histogram.clear();
    }
    return { counts, meters: taken };
  }
}
