import { readCount, type Session } from '@parley/runtime';
import { cameBack } from './restored-blobs.ts';

/**
 * What must be otherwise than it was at the moment of the backup. Answers how many files do not have all of their bytes.
 *
 * Whoever keeps something by the `rev` of a user or a channel may have heard of later ones than the backup has, which mean something else from now
 * on: counting goes on behind all of them. Sessions are kept elsewhere, and some of those that are there may have ended.
 */
export async function makeGood(session: Session, schema: string): Promise<number> {
  const run = async (text: string): Promise<number> =>
    (await session.query({ text: text.replaceAll('hub.', `${schema}.`), operation: 'restoring' })).count;
  await run(
    `update hub.users set rev = greatest(rev + 1, hub.now_ms()), sessions_era = greatest(sessions_era + 1, hub.now_ms())`,
  );
  await run(`update hub.channels set rev = greatest(rev + 1, hub.now_ms())`);
  await run(`delete from hub.setup_codes`);
  // Queues may have turns of after the backup still.
  await run(
    `update hub.webhooks set queued_at = null, paused_until = null, turn = greatest(turn + 1, hub.now_ms())`,
  );
  await run(`update hub.deliveries set due_at = hub.now_ms(), since = hub.now_ms() where state = 'waiting'`);
  const lost = await run(
    `update hub.files as f set deleted_at = hub.now_ms(), kept_until = null
     where f.deleted_at is null and (
       exists (select from hub.file_parts as p where p.file_id = f.id and p.state <> 'writing' and p.started_at <> ${cameBack})
       or f.received > (select coalesce(sum(p.size), 0) from hub.file_parts as p where p.file_id = f.id and p.state = 'stored')
     )`,
  );
  await run(`update hub.file_parts set started_at = hub.now_ms() where started_at = ${cameBack}`);
  await run(`delete from hub.file_usage`);
  await run(
    `insert into hub.file_usage (owner, bytes)
     select coalesce(user_id::text, ''), sum(size) from hub.files where deleted_at is null group by rollup (user_id)
     having sum(size) is not null`,
  );
  await requireWorkspace(session, schema);
  return lost;
}

async function requireWorkspace(session: Session, schema: string): Promise<void> {
  const { rows } = await session.query({
    text: `select count(*) from ${schema}.workspace`,
    operation: 'restoring',
  });
  if (rows.map((row) => readCount(row, 0))[0] !== 1) throw new Error('the backup has no workspace');
}
