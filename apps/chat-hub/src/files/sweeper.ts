import { createLru, type Logger } from '@parley/cache-core/kernel';
import type { Tables } from '../database/tables.ts';
import type { Call } from '../chat/chat.ts';
import type { FileCore } from './file-core.ts';
import { dropPart } from './parts.ts';

export interface SweeperOptions {
  readonly core: Pick<FileCore, 'chat' | 'blobs' | 'figures' | 'mark'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** How many parts are removed at the same time: each is a request to an object store. */
const atOnce = 8;
/** Files that wait to be removed. What is more is left to the collector. */
const mostWaiting = 1_000;

/** Removes bytes as soon as nobody has them: as long as they are there they take room that is counted no more. */
export class Sweeper {
  readonly #options: SweeperOptions;
  readonly #waiting = new Set<string>();
  readonly #over = new AbortController();
  readonly #failed = createLru<string, true>({ maxEntries: 1_000 });
  #working: Promise<void> | undefined;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  /** Parts of this file that are to go, in a moment. */
  sweep(fileId: string): void {
    if (this.#waiting.size >= mostWaiting || this.#over.signal.aborted) return;
    this.#waiting.add(fileId);
    this.#begin();
  }

  /** Removes parts. Those that the store does not let go of stay noted, and are told of once. */
  async remove(keys: readonly string[], call: Call = {}): Promise<void> {
    const { core, logger } = this.#options;
    const rest = keys.values();
    const one = async (): Promise<void> => {
      for (const key of rest) {
        if (call.signal?.aborted === true) return;
        try {
          await dropPart(core, key, call);
          core.figures.partsRemoved += 1;
        } catch (error) {
          core.figures.removalsFailed += 1;
          if (this.#failed.get(key) === undefined)
            logger.warn({ error, key }, 'A part of a file cannot be removed');
          this.#failed.set(key, true);
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
  }

  /** What is under way ends; the rest is for the collector. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#working;
  }

  #begin(): void {
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
      if (this.#waiting.size > 0 && !this.#over.signal.aborted) this.#begin();
    });
  }

  async #work(): Promise<void> {
    const { core, logger } = this.#options;
    const { signal } = this.#over;
    for (const fileId of this.#waiting) {
      this.#waiting.delete(fileId);
      if (signal.aborted) return;
      try {
        await core.mark.require({ signal });
        await this.remove(await partsToGo(core, fileId), { signal });
      } catch (error) {
        if (!signal.aborted)
          logger.warn({ error, fileId }, 'The bytes of a file could not be removed at once');
      }
    }
  }
}

/** `started_at` 0: they are of an attempt that is over. */
async function partsToGo({ chat }: Pick<FileCore, 'chat'>, fileId: string): Promise<string[]> {
  const rows = await chat.tables
    .kysely<Tables>()
    .selectFrom('file_parts as p')
    .innerJoin('files as f', 'f.id', 'p.file_id')
    .select('p.key')
    .where('p.file_id', '=', fileId)
    .where((where) =>
      where.or([
        where.and([where('f.deleted_at', 'is not', null), where('p.state', '!=', 'writing')]),
        where.and([where('p.state', '=', 'writing'), where('p.started_at', '=', '0')]),
      ]),
    )
    .execute();
  return rows.map(({ key }) => key);
}
