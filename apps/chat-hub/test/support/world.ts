import { silentLogger, type Clock } from '@parley/cache-core/kernel';
import { effectiveScopes, isHubError, type Role } from '@parley/hub-protocol';
import { databaseEpoch, openParley, type ParleyWithDatabase } from '@parley/runtime';
import { sharedPostgres } from '@parley/services';
import type { Kysely } from 'kysely';
import type { Caller } from '../../src/access/caller.ts';
import type { Chat } from '../../src/chat/chat.ts';
import { createChat } from '../../src/chat/create-chat.ts';
import type { StreamWatchOptions } from '../../src/chat/stream-watch.ts';
import { newId } from '../../src/database/ids.ts';
import type { Tables } from '../../src/database/tables.ts';
import type { SearchOptions } from '../../src/search/search.ts';
import type { Feed, LogEntry, Moment } from '../../src/live/feed.ts';

export const databases = ['embedded', 'postgres'] as const;
export type DatabaseKind = (typeof databases)[number];

/** What was told, in order. */
class Told implements Feed {
  readonly entries: (LogEntry & { readonly channelId: string })[] = [];
  readonly moments: Moment[] = [];
  readonly changed: string[] = [];

  committed = (channelId: string, entries: readonly LogEntry[]): void => {
    this.entries.push(...entries.map((entry) => ({ ...entry, channelId })));
  };

  moment = (moment: Moment): void => void this.moments.push(moment);

  accessChanged = (userId: string): void => void this.changed.push(userId);

  /** Types of the entries of a channel. */
  typesOf(channelId: string): string[] {
    return this.entries.filter((entry) => entry.channelId === channelId).map(({ type }) => type);
  }
}

/** A chat on a database of its own, and people to talk in it. */
export interface World extends AsyncDisposable {
  readonly parley: ParleyWithDatabase;
  readonly chat: Chat;
  readonly told: Told;
  /** To look at, and to set back the clock of, what no method tells of. */
  readonly rows: Kysely<Tables>;
  /** Another chat on the same database: another node. */
  readonly another: (
    streams?: StreamWatchOptions,
    clock?: Clock,
    search?: SearchOptions,
  ) => { readonly chat: Chat; readonly told: Told };
  readonly user: (
    handle: string,
    options?: { readonly role?: Role; readonly kind?: Caller['kind'] },
  ) => Promise<Caller>;
}

export async function openWorld(kind: DatabaseKind): Promise<World> {
  const server = kind === 'postgres' ? await sharedPostgres() : undefined;
  return openWorldOn(server?.url, async () => server?.drop());
}

/** @param url of a Postgres; undefined: an embedded one */
export async function openWorldOn(
  url: string | undefined,
  onClose = async (): Promise<void> => {},
): Promise<World> {
  const parley = await openParley(
    { NODE_ENV: 'test', ...(url !== undefined && { DATABASE_URL: url }) },
    { database: true, logger: silentLogger },
  );
  const tables = parley.tables('hub', new URL('../../sql/', import.meta.url));
  await tables.migrate();
  const epoch = await databaseEpoch(parley.database);
  const another = (
    streams?: StreamWatchOptions,
    clock?: Clock,
    search?: SearchOptions,
  ): { chat: Chat; told: Told } => {
    const told = new Told();
    const chat = createChat({
      tables,
      cache: parley.cache,
      feed: told,
      epoch: () => epoch,
      logger: silentLogger,
      streams,
      clock,
      search,
    });
    return { chat, told };
  };
  return {
    parley,
    rows: tables.kysely<Tables>(),
    ...another(),
    another,
    async user(handle, { role = 'member', kind = 'person' } = {}) {
      const id = newId();
      await tables
        .kysely<Tables>()
        .insertInto('users')
        .values({ id, kind, handle, display_name: handle, role, created_at: Date.now() })
        .execute();
      return {
        userId: id,
        handle,
        kind,
        role,
        scopes: effectiveScopes(role),
        by: { kind: 'token', id: 't' },
        rev: 1,
      };
    },
    async [Symbol.asyncDispose]() {
      await parley.close();
      await onClose();
    },
  };
}

/** Whom the set-up of a test has made. */
export function as(caller: Caller | undefined): Caller {
  if (caller === undefined) throw new Error('nobody of this name was made');
  return caller;
}

/** The code of what a promise rejected with. */
export function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no error',
    (error: unknown) => (isHubError(error) ? error.code : error),
  );
}
