import type { PresenceCapabilities, PresenceStore } from '@parley/presence';
import { textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { Database } from '../database.ts';
import { flag, text } from '../rows.ts';
import type { TablesOptions } from '../tables.ts';
import { changeParams, toChanged } from './changes.ts';
import { presenceHealth } from './presence-health.ts';
import { PresenceTables } from './presence-tables.ts';
import { latestOf, toReaped } from './reaped.ts';
import { readParams, toViews } from './views.ts';

function capabilitiesOf({ kind }: Database): PresenceCapabilities {
  return {
    // What is embedded has one process for itself.
    shared: kind === 'postgres',
    maxValueBytes: 64 * 1024,
    maxBatch: 1_000,
    maxMembers: 100_000,
  };
}

/** Who is where, in tables of a Postgres server or of an embedded one. Nothing is done before the first call. */
export function postgresPresenceStore(db: Database, options: TablesOptions = {}): PresenceStore {
  const tables = new PresenceTables(db, options);
  const [open, beat, end] = [
    tables.statement('presence_open'),
    tables.statement('presence_beat'),
    tables.statement('presence_end'),
  ];
  const [change, reap, read] = [
    tables.statement('presence_change'),
    tables.statement('presence_reap'),
    tables.statement('presence_read'),
  ];

  return {
    name: db.kind,
    prefix: tables.schema,
    capabilities: capabilitiesOf(db),

    async open(lease, leaseMs, { signal } = {}) {
      const [row = []] = await tables.inEpoch(open, [lease, boundedMs(leaseMs)], { signal });
      return text(row, 0);
    },

    async beat(lease, leaseMs, { signal } = {}) {
      const [row = []] = await tables.inEpoch(beat, [lease, boundedMs(leaseMs)], { signal });
      return { held: flag(row, 0), epoch: text(row, 1) };
    },

    async change(batch, { signal } = {}) {
      const rows = await tables.inEpoch(change, changeParams(batch), { signal });
      tables.wrote(batch.changes.length);
      return toChanged(batch.changes, rows);
    },

    async end(leases, { signal } = {}) {
      await tables.query(end, [textArray(leases)], { signal });
    },

    async reap(limit, { signal, within } = {}) {
      const latest = latestOf(within);
      const rows = await tables.inEpoch(reap, [limit, latest], { signal });
      const { reaped, removed } = toReaped(rows, limit, latest);
      tables.wrote(removed);
      return reaped;
    },

    async read(requests, { signal } = {}) {
      return toViews(requests, await tables.inEpoch(read, readParams(requests), { signal }));
    },

    health: presenceHealth(tables),
  };
}
