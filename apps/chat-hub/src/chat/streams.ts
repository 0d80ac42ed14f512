import { createLru, type Clock, type Lru } from '@parley/cache-core/kernel';
import { HubError, limits } from '@parley/hub-protocol';
import type { Place } from './places.ts';

interface Heard {
  readonly place: Place;
  /** By characters, as the protocol counts. */
  text: string[];
  /** When it was heard of last, by the monotonic clock. */
  at: number;
}

/** What was heard of a message, and for how many milliseconds nothing has been since. */
export interface Note {
  readonly id: string;
  readonly content: string;
  readonly age: number;
}

/** Most of what is noted at once. */
const perNote = 100;

/** Messages that are being streamed from this node, with what was heard of each. Whatever falls out of here is known by its last note. */
export class Streams {
  readonly #heard: Lru<string, Heard> = createLru({ maxEntries: 2_000 });
  readonly #fresh = new Set<string>();
  readonly #clock: Pick<Clock, 'monotonic'>;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  placeOf(id: string): Place | undefined {
    return this.#heard.get(id)?.place;
  }

  begin(place: Place, text: string): void {
    this.#heard.set(place.id, { place, text: Array.from(text), at: this.#clock.monotonic() });
  }

  /**
   * More of the text, behind so many characters, or none: a sign of life. What came again takes the place of what it repeats; behind a gap
   * nothing is kept, because the end brings the whole.
   *
   * @throws {HubError} `TOO_LARGE`
   */
  hear(id: string, offset: number, text: string): void {
    const more = Array.from(text);
    if (offset + more.length > limits.content)
      throw new HubError('TOO_LARGE', `a message has at most ${limits.content} characters`);
    const heard = this.#heard.get(id);
    if (heard === undefined) return;
    if (offset <= heard.text.length) heard.text.splice(offset, more.length, ...more);
    heard.at = this.#clock.monotonic();
    this.#fresh.add(id);
  }

  forget(id: string): void {
    this.#heard.delete(id);
    this.#fresh.delete(id);
  }

  /** What was heard since this was asked last. */
  takeFresh(): Note[] {
    const now = this.#clock.monotonic();
    const ids = [...this.#fresh].slice(0, perNote);
    return ids.flatMap((id) => {
      this.#fresh.delete(id);
      const heard = this.#heard.get(id);
      return heard === undefined
        ? []
        : [{ id, content: heard.text.join(''), age: Math.round(now - heard.at) }];
    });
  }

  /** Could not be noted. */
  keepFresh(ids: Iterable<string>): void {
    for (const id of ids) if (this.#heard.has(id)) this.#fresh.add(id);
  }
}
