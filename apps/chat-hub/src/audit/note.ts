import type { Kysely } from 'kysely';
import type { Caller } from '../access/caller.ts';
import { newId } from '../database/ids.ts';
import type { Tables } from '../database/tables.ts';

/** What is noted. A name that was given once is never given another meaning: the rows stay. */
export type AuditAction =
  | 'announcement.make'
  | 'audit.export'
  | 'backup.make'
  | 'backup.restore'
  | 'channel.archive'
  | 'channel.delete'
  | 'channel.freeze'
  | 'channel.slow'
  | 'channel.unarchive'
  | 'channel.unfreeze'
  | 'command.create'
  | 'command.delete'
  | 'file.remove'
  | 'member.kick'
  | 'member.mute'
  | 'member.role'
  | 'member.unmute'
  | 'message.remove'
  | 'password.change'
  | 'password.refuse'
  | 'retention.apply'
  | 'retention.set'
  | 'session.begin'
  | 'session.end'
  | 'session.refuse'
  | 'session.revoke'
  | 'setup.code'
  | 'setup.redeem'
  | 'setup.refuse'
  | 'setup.revoke'
  | 'token.create'
  | 'token.revoke'
  | 'user.create'
  | 'user.deactivate'
  | 'user.reactivate'
  | 'user.timeout'
  | 'user.timeout.end'
  | 'user.update'
  | 'webhook.create'
  | 'webhook.delete'
  | 'workspace.export'
  | 'workspace.import';

/** Who did it: somebody who is known, or nobody. */
export type Actor = Pick<Caller, 'userId' | 'by'> | { readonly userId: string; readonly by: null } | null;

export interface AuditNote {
  readonly action: AuditAction;
  readonly actor: Actor;
  readonly subjectId?: string | undefined;
  readonly channelId?: string | undefined;
  readonly address?: string | undefined;
  /** Never a secret, and never what somebody wrote. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Notes what is done, within the transaction that does it: none is there without the other. What is no transaction of ours (a session that
 * begins, and lives in a store of its own) is noted before it is told.
 */
export async function noteAudit(kysely: Kysely<Tables>, note: AuditNote): Promise<void> {
  const { action, actor, subjectId, channelId, address, details } = note;
  const by = actor?.by ?? null;
  await kysely
    .insertInto('audit')
    .values({
      id: newId(),
      action,
      actor_id: actor?.userId ?? null,
      via: by === null ? null : `${by.kind} ${by.id}`,
      address: address ?? null,
      subject_id: subjectId ?? null,
      channel_id: channelId ?? null,
      ...(details !== undefined && { details: JSON.stringify(details) }),
    })
    .execute();
}
