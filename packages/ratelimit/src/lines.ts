import type { ParleyError } from '@parley/cache-core/kernel';
import { Line, type LineOptions } from './line.ts';
import type { LimitStore, Taken, TakeRequest, Target } from './store.ts';

/**
 * A line for each part of a store that fails by itself, and for each set of parts that are asked together, so that one master that is
 * away holds up nobody who is counted by others.
 */
export class Lines {
  readonly #options: LineOptions;
  readonly #lines = new Map<string, Line>();

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get calls(): number {
    return [...this.#lines.values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  /** Parts that are left alone because they did not answer. */
  get away(): number {
    return [...this.#lines.values()].filter(({ state }) => state !== 'closed').length;
  }

  /** Never rejects. */
  ask(request: TakeRequest, dueAt: number, signal: AbortSignal | undefined): Promise<Taken | ParleyError> {
    return this.#lineOf(request.charges).ask(request, dueAt, signal);
  }

  /** A call for whoever can deal with errors. */
  call<T>(
    what: string,
    about: readonly Pick<Target, 'identity'>[],
    work: (store: LimitStore, signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return this.#lineOf(about).call(what, work, signal);
  }

  close(): void {
    for (const line of this.#lines.values()) line.close();
  }

  #lineOf(about: readonly Pick<Target, 'identity'>[]): Line {
    const { placeOf } = this.#options.store;
    if (placeOf === undefined) return this.#line('');
    const places = new Set(about.map(({ identity }) => placeOf(identity)));
    return this.#line([...places].toSorted().join(and));
  }

  #line(place: string): Line {
    const known = this.#lines.get(place);
    if (known !== undefined) return known;
    const line = new Line(this.#options);
    this.#lines.set(place, line);
    return line;
  }
}

/** Names have no control characters. */
const and = '\n';
