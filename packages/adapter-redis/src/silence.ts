import type { Clock, Timer } from '@parley/cache-core/kernel';

/** As much of a node of the driver as is needed to see whether it answers. */
export interface Answering {
  readonly commandQueue: { readonly length: number };
  readonly stream?: { readonly bytesRead: number; destroy(error: Error): unknown } | undefined;
}

export interface SilenceOptions {
  readonly clock: Clock;
  /** How long a server that owes an answer may send nothing. */
  readonly limitMs: number;
  readonly nodes: () => readonly Answering[];
}

interface Silent {
  readonly stream: Answering['stream'];
  readonly bytes: number;
  readonly forMs: number;
}

/** Of the limit: by so much at the most it is late, twice. */
const sweepsPerLimit = 8;

/**
 * Gives up connections to servers that owe an answer and send nothing: after the limit, and a quarter more at the most. It looks at all of
 * them now and then; the driver's own way takes a timer and a listener for each command, which is more than all else that is done for it here.
 */
export class SilenceWatch {
  readonly #options: SilenceOptions;
  readonly #everyMs: number;
  #silent = new Map<Answering, Silent>();
  #sweptAt: number;
  #timer: Timer;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.#everyMs = options.limitMs / sweepsPerLimit;
    this.#sweptAt = options.clock.monotonic();
    this.#timer = this.#arm();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #arm(): Timer {
    return this.#options.clock.timer(this.#everyMs, () => this.#sweep(), { unref: true });
  }

  #sweep(): void {
    const { clock, limitMs, nodes } = this.#options;
    const now = clock.monotonic();
    // A program that was held up has not read yet what it was sent meanwhile: that time does not count in full.
    const passed = Math.min(now - this.#sweptAt, this.#everyMs * 2);
    this.#sweptAt = now;
    const before = this.#silent;
    this.#silent = new Map();
    for (const node of nodes()) {
      const { stream, commandQueue } = node;
      if (stream === undefined || commandQueue.length === 0) continue;
      const bytes = stream.bytesRead;
      const known = before.get(node);
      const same = known?.stream === stream && known.bytes === bytes;
      const forMs = same ? known.forMs + passed : 0;
      if (forMs < limitMs) this.#silent.set(node, { stream, bytes, forMs });
      else stream.destroy(new Error(`it owes an answer and has said nothing for ${limitMs} ms`));
    }
    this.#timer = this.#arm();
  }
}
