import { build } from 'hdr-histogram-js';
import type { Percentile } from '../scenario.ts';

const nsPerMs = 1e6;

/** Latencies of one round, in a histogram whose error is below 0.1 % at any value up to an hour. */
export class Latencies {
  readonly #histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000 * nsPerMs,
    numberOfSignificantValueDigits: 3,
    autoResize: false,
    bitBucketSize: 32,
  });
  #maxMs = 0;

  record(ms: number): void {
    this.#histogram.recordValue(Math.round(ms * nsPerMs));
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  /** In milliseconds. */
  percentiles(): Record<Percentile, number> {
    const at = (percent: number) => this.#histogram.getValueAtPercentile(percent) / nsPerMs;
    return { p50: at(50), p90: at(90), p99: at(99), 'p99.9': at(99.9), max: this.#maxMs };
  }
}
