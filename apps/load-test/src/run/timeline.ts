import type { Counts, Meter } from '../generator/figures.ts';
import { meters, noCounts, type Counter } from '../generator/figures.ts';
import type { Interval } from '../generator/protocol.ts';
import { Histogram } from '../measure/histogram.ts';

/** What happened within one second of a run. */
export interface Second {
  /** Seconds since the measured time began; before it, the hub warms up. */
  readonly at: number;
  readonly counts: Counts;
  readonly live: number;
  readonly pause: number;
  readonly deliveryP50: number;
  readonly deliveryP99: number;
  readonly deliveryMax: number;
  readonly ackP99: number;
}

interface Bucket {
  readonly counts: Counts;
  readonly delivery: Histogram;
  readonly ack: Histogram;
  live: number;
  pause: number;
}

/** Puts together what the processes of the generator tell. */
export class Timeline {
  readonly totals: Counts = noCounts();
  readonly histograms: Readonly<Record<Meter, Histogram>>;
  readonly #buckets = new Map<number, Bucket>();
  readonly #from: number;

  /** @param from when the measured time begins */
  constructor(from: number) {
    this.#from = from;
    const entries = meters.map((meter) => [meter, new Histogram()] as const);
    // An entry for each of them.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    this.histograms = Object.fromEntries(entries) as Record<Meter, Histogram>;
  }

  add({ counts, meters: timed, live, pause }: Interval, now: number): void {
    // It tells of the second that ends now.
    const bucket = this.#bucket(Math.floor((now - 500 - this.#from) / 1_000));
    for (const counter of Object.keys(counts).filter(isCounter)) {
      this.totals[counter] += counts[counter];
      bucket.counts[counter] += counts[counter];
    }
    bucket.live += live;
    bucket.pause = Math.max(bucket.pause, pause);
    for (const meter of meters) this.histograms[meter].merge(timed[meter] ?? []);
    bucket.delivery.merge(timed.delivery ?? []);
    bucket.ack.merge(timed.ack ?? []);
  }

  seconds(): Second[] {
    return [...this.#buckets]
      .toSorted(([a], [b]) => a - b)
      .map(([at, { counts, delivery, ack, live, pause }]) => ({
        at,
        counts,
        live,
        pause,
        deliveryP50: delivery.at(50),
        deliveryP99: delivery.at(99),
        deliveryMax: delivery.at(100),
        ackP99: ack.at(99),
      }));
  }

  #bucket(at: number): Bucket {
    let bucket = this.#buckets.get(at);
    if (bucket === undefined) {
      bucket = { counts: noCounts(), delivery: new Histogram(), ack: new Histogram(), live: 0, pause: 0 };
      this.#buckets.set(at, bucket);
    }
    return bucket;
  }
}

function isCounter(name: string): name is Counter {
  return Object.hasOwn(noCounts(), name);
}
