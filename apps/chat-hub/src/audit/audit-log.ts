import type { AuditHead, AuditRecord } from '@parley/hub-protocol';
import { readFlag, type ApplicationTables } from '@parley/runtime';
import type { Selectable } from 'kysely';
import type { Caller } from '../access/caller.ts';
import { idAt } from '../database/ids.ts';
import type { AuditTable, Tables } from '../database/tables.ts';
import { entryOf } from './entry.ts';
import { lastSeal } from './last-seal.ts';
import { noteAudit } from './note.ts';

export interface AuditQuery {
  readonly action?: string | undefined;
  readonly actorId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly channelId?: string | undefined;
  /** Not before. */
  readonly since?: number | undefined;
  /** Before this. */
  readonly until?: number | undefined;
  /** The id of the last one of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

export interface AuditChain {
  readonly items: AuditRecord[];
  readonly head: AuditHead | null;
  readonly waiting: number;
  readonly waitingMs: number;
  readonly lost: string | null;
}

export interface AuditPart {
  readonly checked: number;
  readonly loose: string | null;
  readonly next: string | null;
}

/** Whoever goes on reading within it is noted once. */
const exportMs = 3_600_000;

/** Ids are made by the clock of a node, and times by that of the database: by the former the index finds about where to look. */
const idMarginMs = 3_600_000;

/** Reads the audit log. That the caller may is made sure of before. */
export class AuditLog {
  readonly #tables: ApplicationTables;

  constructor(tables: ApplicationTables) {
    this.#tables = tables;
  }

  /** The latest first. Who turns the page takes along more than a look, which is noted. */
  async list(
    caller: Caller,
    { action, actorId, subjectId, channelId, since, until, before, limit }: AuditQuery,
  ): Promise<AuditRecord[]> {
    if (before !== undefined) await this.#noteExport(caller);
    let query = this.#tables
      .kysely<Tables>()
      .selectFrom('audit')
      .leftJoin('audit_seals', 'audit_seals.entry_id', 'audit.id')
      .selectAll('audit')
      .select(['audit_seals.seq', 'audit_seals.hash'])
      .orderBy('audit.id', 'desc')
      .limit(limit);
    if (action !== undefined) query = query.where('audit.action', '=', action);
    if (actorId !== undefined) query = query.where('audit.actor_id', '=', actorId);
    if (subjectId !== undefined) query = query.where('audit.subject_id', '=', subjectId);
    if (channelId !== undefined) query = query.where('audit.channel_id', '=', channelId);
    if (since !== undefined)
      query = query.where('audit.at', '>=', String(since)).where('audit.id', '>', idAt(since - idMarginMs));
    if (until !== undefined)
      query = query.where('audit.at', '<', String(until)).where('audit.id', '<', idAt(until + idMarginMs));
    if (before !== undefined) query = query.where('audit.id', '<', before);
    const rows = await query.execute();
    return rows.map(({ seq, hash, ...row }) => ({
      seq: seq === null ? null : Number(seq),
      hash,
      entry: entryOf(row),
    }));
  }

  /** From the seals on, so that one whose entry is gone is told, too. Who reads it takes it along, which is noted. */
  async chain(caller: Caller, after: number, limit: number): Promise<AuditChain> {
    const kysely = this.#tables.kysely<Tables>();
    if (after === 0) await noteAudit(kysely, { action: 'audit.export', actor: caller });
    else await this.#noteExport(caller);
    const seals = await kysely
      .selectFrom('audit_seals')
      .leftJoin('audit', 'audit.id', 'audit_seals.entry_id')
      .selectAll('audit')
      .select(['audit_seals.seq', 'audit_seals.hash'])
      .where('audit_seals.seq', '>', String(after))
      .orderBy('audit_seals.seq')
      .limit(limit)
      .execute();
    const items = seals.map(({ seq, hash, ...row }) => ({
      seq: Number(seq),
      hash,
      entry: isThere(row) ? entryOf(row) : null,
    }));
    const head = (await lastSeal(kysely)) ?? null;
    const end = seals.length < limit ? await this.#waiting() : { waiting: 0, waitingMs: 0, lost: null };
    return { items, head, ...end };
  }

  /** Looks over a part of the log: all of it may be more than one request has time for. */
  async check(after: string | undefined, limit: number): Promise<AuditPart> {
    const { db } = this.#tables;
    const { rows } = await db.query(this.#tables.statement('audit_loose'), [after ?? null, limit]);
    const [loose = null, last = null, count = null] = rows[0] ?? [];
    const checked = Number(count);
    return { checked, loose, next: checked < limit ? null : last };
  }

  async #waiting(): Promise<Pick<AuditChain, 'waiting' | 'waitingMs' | 'lost'>> {
    const { rows } = await this.#tables.db.query(this.#tables.statement('audit_waiting'), []);
    const [waiting = null, waitingMs = null, lost = null] = rows[0] ?? [];
    return { waiting: Number(waiting), waitingMs: Number(waitingMs), lost };
  }

  /** Unless it was noted lately that this one reads. */
  async #noteExport(caller: Caller): Promise<void> {
    const tables = this.#tables;
    const { rows } = await tables.db.query(tables.statement('audit_exported'), [caller.userId, exportMs]);
    if (rows.some((row) => readFlag(row, 0))) return;
    await noteAudit(tables.kysely<Tables>(), { action: 'audit.export', actor: caller });
  }
}

type Row = Selectable<AuditTable>;

/** Of an entry that is gone, every column is null. */
function isThere(row: { readonly [K in keyof Row]: Row[K] | null }): row is Row {
  return row.id !== null;
}
