import type { Clock, Timer } from '@parley/cache-core/kernel';

/** As much of a connection as the clock needs. */
export interface TimedNode {
  readonly options: { readonly host?: string | undefined; readonly port?: number | undefined };
  /** Seconds and microseconds. */
  time(): Promise<readonly (number | string)[]>;
}

export interface ServerClockOptions {
  readonly clock: Clock;
  /** The masters whose clocks count. */
  readonly nodes: () => readonly TimedNode[];
  /** Those that count though they may not be connected, as `host:port`. */
  readonly masters: () => ReadonlySet<string>;
  /** Resolves when they can be asked; rejects while they cannot. */
  readonly ready: () => Promise<void>;
  /** What to throw for a failure of the driver. */
  readonly asError: (error: unknown) => Error;
  /** @default 30_000 */
  readonly sampleEveryMs?: number;
}

interface Sample {
  /** The server's clock less ours, ms. */
  readonly offset: number;
  /** How wrong that may be: half of the time the question took. */
  readonly error: number;
  /** When it was taken, on our clock. */
  readonly at: number;
}

/** How far two clocks may part in a millisecond. */
const drift = 0.0005;
/** What a clock that was set since the last sample is forgiven. */
const marginMs = 100;

/**
 * What the server's clock says, known without asking: its time is sampled now and then against the monotonic clock of this process, whose
 * wall clock plays no part. In Cluster it is the median of the masters' clocks.
 */
export class ServerClock {
  readonly #options: ServerClockOptions;
  readonly #samples = new Map<string, Sample>();
  #round: Promise<void> | undefined;
  #offset: number | undefined;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: ServerClockOptions) {
    this.#options = options;
  }

  /** What must be waited for before `now` may be asked; undefined: nothing. */
  get pending(): Promise<void> | undefined {
    if (this.#round !== undefined) return this.#round;
    return this.#offset === undefined ? this.#begin() : undefined;
  }

  /** Milliseconds since 1970 by the server's clock. */
  now(): number {
    if (this.#offset === undefined) throw new TypeError('the clock of the server is not known yet');
    return this.#options.clock.monotonic() + this.#offset;
  }

  /** A moment that has passed on the clock of every master, in microseconds; 0 while one of them is not known. */
  floorUs(): number {
    const now = this.#options.clock.monotonic();
    let floor = Infinity;
    const { nodes, masters } = this.#options;
    for (const name of masters().size > 0 ? masters() : nodes().map(nameOf)) {
      const sample = this.#samples.get(name);
      if (sample === undefined) return 0;
      floor = Math.min(floor, now + sample.offset - uncertainty(sample, now) - marginMs);
    }
    return floor === Infinity ? 0 : Math.floor(floor * 1000);
  }

  /** Asks every master anew: a connection that came up may lead to another server than before. Rejects when none answered. */
  sample(): Promise<void> {
    this.#timer?.cancel();
    const round = this.#askAll();
    this.#round = round;
    const over = (): void => {
      if (this.#round !== round) return;
      this.#round = undefined;
      this.#schedule();
    };
    round.then(over, over);
    return round;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #begin(): Promise<void> {
    await this.#options.ready();
    await (this.#round ?? this.sample());
  }

  #schedule(): void {
    if (this.#stopped) return;
    const { clock, sampleEveryMs = 30_000 } = this.#options;
    this.#timer = clock.timer(sampleEveryMs, () => void this.sample().catch(() => undefined), {
      unref: true,
    });
  }

  async #askAll(): Promise<void> {
    const nodes = this.#options.nodes();
    const outcomes = await Promise.allSettled(nodes.map((node) => this.#ask(node)));
    const names = new Set(nodes.map(nameOf));
    for (const name of this.#samples.keys()) if (!names.has(name)) this.#samples.delete(name);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined && outcomes.every(({ status }) => status === 'rejected')) {
      throw this.#options.asError(failed.reason);
    }
    this.#offset = median([...this.#samples.values()].map(({ offset }) => offset));
  }

  async #ask(node: TimedNode): Promise<void> {
    const { clock } = this.#options;
    const asked = clock.monotonic();
    const [seconds, micros] = await node.time();
    const at = clock.monotonic();
    const offset = Number(seconds) * 1000 + Number(micros) / 1000 - (asked + at) / 2;
    const fresh = { offset, error: (at - asked) / 2, at };
    const known = this.#samples.get(nameOf(node));
    this.#samples.set(nameOf(node), known === undefined ? fresh : better(known, fresh));
  }
}

/** A quick answer tells more than a slow one, unless the two contradict each other: then a clock was set, or it is another server. */
function better(known: Sample, fresh: Sample): Sample {
  const doubt = uncertainty(known, fresh.at);
  const contradicts = Math.abs(known.offset - fresh.offset) > doubt + fresh.error;
  return contradicts || fresh.error <= doubt ? fresh : { ...known, error: doubt, at: fresh.at };
}

const uncertainty = ({ error, at }: Sample, now: number): number => error + (now - at) * drift;

const nameOf = ({ options: { host, port } }: TimedNode): string => `${host}:${port}`;

function median(numbers: number[]): number | undefined {
  const sorted = numbers.sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
