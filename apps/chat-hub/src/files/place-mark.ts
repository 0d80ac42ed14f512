import { randomBytes } from 'node:crypto';
import { HubError, isHubError } from '@parley/hub-protocol';
import type { ApplicationTables } from '@parley/runtime';
import type { Tables } from '../database/tables.ts';
import type { Call } from '../chat/chat.ts';
import type { BlobStore } from './blobs/blob-store.ts';

/** Nodes that begin at the same time may each find that another one was faster. */
const mostTries = 5;

/**
 * A blob that the database knows the name of, in the place of the others. A folder that is not mounted on this node, or a bucket of another hub, does
 * not have it: there nothing is written, and what cannot be found is not taken for removed.
 */
export class PlaceMark {
  readonly #tables: ApplicationTables;
  readonly #blobs: BlobStore;
  #found = false;

  constructor(tables: ApplicationTables, blobs: BlobStore) {
    this.#tables = tables;
    this.#blobs = blobs;
  }

  /** As `require`, once. */
  async ensure(call: Call = {}): Promise<void> {
    if (!this.#found) await this.require(call);
  }

  /** @throws {HubError} `UNAVAILABLE`, where it is another place or does not answer */
  async require(call: Call = {}): Promise<void> {
    const missing = await this.missing(call);
    if (missing === undefined) return;
    throw new HubError('UNAVAILABLE', 'the place of files is not the one that has those of this hub', {
      retryAfter: 60_000,
      cause: new Error(`${missing} is not there`),
    });
  }

  /** What this place should have and has not, and where; undefined: it is the right one. It becomes the right one as long as there are no files. */
  async missing(call: Call = {}): Promise<string | undefined> {
    let noted: string | null = null;
    for (let tries = 0; tries < mostTries; tries += 1) {
      noted = await this.#noted();
      if (noted !== null && (await this.#has(noted, call))) {
        this.#found = true;
        return undefined;
      }
      this.#found = false;
      if (noted !== null && (await this.#hasFiles())) return this.#blobs.where(noted);
      await this.#leave(noted, call);
    }
    // What was written a moment ago cannot be read.
    return this.#blobs.where(noted ?? 'hub');
  }

  async #noted(): Promise<string | null> {
    const row = await this.#tables
      .kysely<Tables>()
      .selectFrom('workspace')
      .select('files_at')
      .executeTakeFirstOrThrow();
    return row.files_at;
  }

  async #has(key: string, call: Call): Promise<boolean> {
    try {
      (await this.#blobs.read(key, { first: 0, last: 0 }, call)).on('error', () => undefined).destroy();
      return true;
    } catch (error) {
      if (isHubError(error, 'INTERNAL')) return false;
      throw error;
    }
  }

  async #hasFiles(): Promise<boolean> {
    const row = await this.#tables
      .kysely<Tables>()
      .selectFrom('file_parts')
      .select('key')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  /** It is there before it is noted: of nodes that begin at the same time one is right, and the others look for what it left. */
  async #leave(noted: string | null, call: Call): Promise<void> {
    const key = `hub-${randomBytes(8).toString('hex')}`;
    await this.#blobs.put(key, Buffer.from('The files of a hub are here.\n'), call);
    const { numUpdatedRows } = await this.#tables
      .kysely<Tables>()
      .updateTable('workspace')
      .set({ files_at: key })
      .where('files_at', noted === null ? 'is' : '=', noted)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) await this.#blobs.delete(key, call);
  }
}
