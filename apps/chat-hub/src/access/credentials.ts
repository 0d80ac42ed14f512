import type { Kysely } from 'kysely';
import { oneMore } from '../database/one-more.ts';
import type { Tables } from '../database/tables.ts';

/** Everything that a user could prove themselves by ends, except a password. The row of the user is held by the caller. */
export async function endCredentials(kysely: Kysely<Tables>, userId: string, now: number): Promise<void> {
  await endSessions(kysely, userId);
  await kysely
    .updateTable('tokens')
    .set({ revoked_at: now })
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .execute();
  await kysely.deleteFrom('incoming_webhooks').where('user_id', '=', userId).execute();
  await kysely.deleteFrom('commands').where('user_id', '=', userId).execute();
  await kysely.deleteFrom('setup_codes').where('user_id', '=', userId).execute();
}

/** All sessions of a user end, wherever and however they are kept. Answers the era that is now. */
export async function endSessions(kysely: Kysely<Tables>, userId: string): Promise<number> {
  const { sessions_era: era } = await kysely
    .updateTable('users')
    .set({ sessions_era: oneMore('sessions_era') })
    .where('id', '=', userId)
    .returning('sessions_era')
    .executeTakeFirstOrThrow();
  return Number(era);
}
