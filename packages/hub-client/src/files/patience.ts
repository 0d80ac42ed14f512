import { exponentialBackoff, isParleyError, type Clock, type Random } from '@parley/cache-core/kernel';
import { HubError, isHubError } from '@parley/hub-protocol';

export interface PatienceOptions {
  /** How long it is tried without getting any further. */
  readonly limitMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal | undefined;
}

/** Tries again what may yet come to something, for as long as there is patience. */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #pauseAfter: (failures: number) => number;
  #failures = 0;
  #furtherAt: number;

  constructor(options: PatienceOptions) {
    this.#options = options;
    this.#pauseAfter = exponentialBackoff({ baseMs: 200, maxMs: 5_000, random: options.random });
    this.#furtherAt = options.clock.now();
  }

  /** What was waited for has come: there is all the patience again. */
  further(): void {
    this.#failures = 0;
    this.#furtherAt = this.#options.clock.now();
  }

  /**
   * @param work is told with what it failed before
   * @throws {HubError} what cannot be mended, or `TIMEOUT`
   */
  async keepOn<T>(work: (failure: unknown) => Promise<T>): Promise<T> {
    const { clock, signal, limitMs } = this.#options;
    for (let failure: unknown; ;) {
      try {
        return await work(failure);
      } catch (error) {
        signal?.throwIfAborted();
        if (!isWorthwhile(error)) throw error;
        const waited = clock.now() - this.#furtherAt;
        if (waited >= limitMs)
          throw new HubError('TIMEOUT', `it got no further for ${waited} ms`, { cause: error });
        failure = error;
        this.#failures += 1;
        const asked = isHubError(error) ? (error.retryAfter ?? 0) : 0;
        await clock.sleep(Math.max(this.#pauseAfter(this.#failures), asked), { signal });
      }
    }
  }
}

/** Somebody else was faster, or it came in wrong: then the hub is asked where it goes on. */
function isWorthwhile(error: unknown): boolean {
  if (isParleyError(error, 'DEADLINE_EXCEEDED')) return true;
  if (!isHubError(error)) return false;
  return error.retryable || error.field === 'offset' || error.field === 'content-digest';
}
