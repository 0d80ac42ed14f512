/** Values below this are kept as they are; above, each doubling is cut into half as many steps, so that the error stays below 0.1 %. */
const bits = 11;
const half = 2 ** (bits - 1);
const mostMicros = 2 ** 31 - 1;
const slots = (32 - bits + 1) * half + half;

/** What a histogram weighs where it travels: the index of a slot and its count, one after the other. */
export type SparseHistogram = readonly number[];

export interface Percentiles {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** How often which time was taken, from a microsecond to half an hour, in a fixed space and with the same relative error everywhere. */
export class Histogram {
  readonly #counts = new Float64Array(slots);
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  /** A time in milliseconds; what is below zero came before it was due, and counts as zero. */
  record(ms: number): void {
    const micros = Math.min(mostMicros, Math.max(0, Math.round(ms * 1_000)));
    this.#add(slotOf(micros), 1);
    if (micros > this.#max) this.#max = micros;
  }

  merge(sparse: SparseHistogram): void {
    for (let i = 0; i + 1 < sparse.length; i += 2) {
      const slot = sparse[i] ?? 0;
      this.#add(slot, sparse[i + 1] ?? 0);
      this.#max = Math.max(this.#max, topOf(slot));
    }
  }

  /** Milliseconds within which `percent` of the values are. */
  at(percent: number): number {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.#count));
    let seen = 0;
    for (let slot = 0; slot < slots; slot += 1) {
      seen += this.#counts[slot] ?? 0;
      if (seen >= wanted) return Math.min(topOf(slot), this.#max) / 1_000;
    }
    return 0;
  }

  percentiles(): Percentiles {
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count / 1_000,
      p50: this.at(50),
      p90: this.at(90),
      p99: this.at(99),
      p999: this.at(99.9),
      max: this.#max / 1_000,
    };
  }

  sparse(): SparseHistogram {
    const found: number[] = [];
    for (let slot = 0; slot < slots; slot += 1) {
      const count = this.#counts[slot] ?? 0;
      if (count > 0) found.push(slot, count);
    }
    return found;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#max = 0;
  }

  #add(slot: number, count: number): void {
    this.#counts[slot] = (this.#counts[slot] ?? 0) + count;
    this.#count += count;
    this.#sum += topOf(slot) * count;
  }
}

function slotOf(micros: number): number {
  const shift = Math.max(0, 32 - Math.clz32(micros) - bits);
  return shift * half + (micros >>> shift);
}

/** The largest value of a slot. */
function topOf(slot: number): number {
  const shift = Math.max(0, Math.floor(slot / half) - 1);
  return (slot - shift * half + 1) * 2 ** shift - 1;
}

export function merged(all: Iterable<SparseHistogram>): Histogram {
  const histogram = new Histogram();
  for (const one of all) histogram.merge(one);
  return histogram;
}
