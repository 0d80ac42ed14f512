import { safeCall } from '@parley/cache-core/kernel';
import type { BusCore } from './core.ts';

/**
 * What processes say to each other about requests:
 * - `ask`: who can answer? To all responders of a topic, or to one that is known;
 * - `here`: I can. To the inbox of who asked;
 * - `do`: answer this. To the inbox of the responder, or, as `all`, to all of them;
 * - `reply`, `failed`: to the inbox of who asked;
 * - `busy`: not I, I have just become busy. Nothing was done.
 */
export type Note =
  | { readonly q: 'ask'; readonly id: string; readonly from: string; readonly topic: string }
  | { readonly q: 'here'; readonly id: string; readonly from: string }
  | {
      readonly q: 'do' | 'all';
      readonly id: string;
      readonly from: string;
      readonly topic: string;
      readonly body: string;
      readonly ms: number;
    }
  | { readonly q: 'busy'; readonly id: string; readonly from: string }
  | { readonly q: 'reply'; readonly id: string; readonly from: string; readonly body: string }
  | { readonly q: 'failed'; readonly id: string; readonly from: string; readonly message: string };

/** Where one process is spoken to. No topic has a name with `~`. */
export const inboxOf = (source: string): string => `~inbox:${source}`;

/** Where all responders of a topic are spoken to. */
export const responders = (topic: string): string => `~ask:${topic}`;

export function readNote(body: string): Note | undefined {
  try {
    const note: unknown = JSON.parse(body);
    if (typeof note !== 'object' || note === null || !('q' in note && 'id' in note && 'from' in note))
      return undefined;
    // Every process of this bus writes them by the type above; what a stranger writes fails where it is used.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return note as Note;
  } catch {
    return undefined;
  }
}

/** The inbox of this process, joined when it is first needed. */
export class Inbox {
  readonly #core: BusCore;
  readonly #readers = new Set<(note: Note) => void>();
  #leave: (() => void) | undefined;
  #joined: PromiseWithResolvers<void> | undefined;

  constructor(core: BusCore) {
    this.#core = core;
  }

  /** Returns what ends it. */
  listen(reader: (note: Note) => void): () => void {
    this.#readers.add(reader);
    if (this.#leave === undefined) {
      this.#joined = Promise.withResolvers();
      this.#leave = this.#core.hearing.follow('channel', inboxOf(this.#core.source), {
        joined: () => this.#joined?.resolve(),
        lost: () => {
          this.#joined = Promise.withResolvers();
        },
        signal: (_channel, body) => {
          const note = readNote(body);
          if (note !== undefined)
            for (const each of Array.from(this.#readers)) safeCall('bus inbox', each, note);
        },
      });
    }
    return () => {
      this.#readers.delete(reader);
      if (this.#readers.size > 0) return;
      this.#leave?.();
      this.#leave = undefined;
    };
  }

  /** Resolves when what is sent here will be heard. */
  async joined(): Promise<void> {
    await this.#joined?.promise;
  }
}
