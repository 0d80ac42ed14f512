import { Closed, withDeadline } from '@parley/cache-core/kernel';
import { HubError } from '@parley/hub-protocol';
import { InTurn } from './in-turn.ts';

/** A gigabyte from an object store far away. */
const longestMs = 900_000;

interface Ending {
  readonly sha256: string | undefined;
  readonly done: Promise<void>;
}

/**
 * Uploads that are being ended on this node, each once: who asks again, because the first answer took too long, waits for the same. It goes on
 * when nobody waits, so that it need not begin anew.
 */
export class Finishing {
  readonly #turns = new InTurn({ what: 'uploads that end', all: 4, each: 2, waiting: 32 });
  readonly #endings = new Map<string, Ending>();
  readonly #over = new AbortController();

  async run(
    file: { readonly id: string; readonly userId: string },
    sha256: string | undefined,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const known = this.#endings.get(file.id);
    if (known?.sha256 === sha256 && known !== undefined) return known.done;
    if (known !== undefined)
      throw new HubError('UNAVAILABLE', 'the upload is being ended, with another sha256', {
        retryAfter: 1_000,
      });
    if (this.#over.signal.aborted) throw new Closed('The hub');
    const { signal } = this.#over;
    const bounded = () => withDeadline(longestMs, work, { signal, what: 'ending the upload' });
    const done = this.#turns.run(file.userId, bounded).finally(() => this.#endings.delete(file.id));
    // Perhaps nobody waits.
    done.catch(() => undefined);
    this.#endings.set(file.id, { sha256, done });
    return done;
  }

  async close(): Promise<void> {
    this.#over.abort(new Closed('The hub'));
    await Promise.allSettled([...this.#endings.values()].map(({ done }) => done));
  }
}
