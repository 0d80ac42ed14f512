import type { SessionCall, SessionStore } from '@parley/cache-core/session';
import { StoreUnavailable } from '@parley/cache-core/kernel';
import { textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { Database, Param, Statement, TextRow } from '../database.ts';
import { createHealthCheck } from '../health.ts';
import { count, flag, text } from '../rows.ts';
import type { TablesOptions } from '../tables.ts';
import { toCreated, toListed, toStored, toVerdict } from './rows.ts';
import { SessionTables } from './session-tables.ts';

/** How often it is asked again for a change that another one came before at the same moment. */
const maxRounds = 5;

/** Sessions in a table of a Postgres server or of an embedded one. Nothing is done before the first call. */
export function postgresSessionStore(db: Database, options: TablesOptions = {}): SessionStore {
  const tables = new SessionTables(db, options);
  const statement = (name: string): Statement => tables.statement(`session_${name}`);
  const [create, read, write] = [statement('create'), statement('read'), statement('write')];
  const [touch, rotate, destroy] = [statement('touch'), statement('rotate'), statement('destroy')];
  const [list, destroyOf, sweep] = [statement('list'), statement('destroy_of'), statement('sweep')];
  const health = statement('health');

  const run = (
    what: Statement,
    params: readonly Param[],
    call: SessionCall = {},
  ): Promise<readonly TextRow[]> => tables.query(what, params, { signal: call.signal });

  const change = (
    what: Statement,
    params: readonly Param[],
    call?: SessionCall,
  ): Promise<readonly TextRow[]> => {
    tables.wrote(1);
    return run(what, params, call);
  };

  /** Each asks what is there by a view of its own, which is that of before if somebody else was waited for. */
  const settled = async <Verdict>(
    what: Statement,
    params: readonly Param[],
    verdictOf: (rows: readonly TextRow[]) => Verdict | undefined,
    call?: SessionCall,
  ): Promise<Verdict> => {
    for (let round = 0; round < maxRounds; round++) {
      const verdict = verdictOf(await change(what, params, call));
      if (verdict !== undefined) return verdict;
    }
    throw new StoreUnavailable('Postgres: others were at the session each time that it was to be changed', {
      evidence: { store: 'postgres', operation: what.operation },
    });
  };

  return {
    name: db.kind,
    prefix: tables.schema,
    capabilities: {
      // What is embedded has one process for itself.
      shared: db.kind === 'postgres',
      sweeps: true,
      maxDataBytes: 1024 * 1024,
    },
    placeOf: () => 0,

    async create({ id, version, user, data, address, userAgent, idleMs, maxAgeMs }, call) {
      const about = [id, version, user ?? null, data, address ?? null, userAgent ?? null];
      const params = [...about, boundedMs(idleMs), boundedMs(maxAgeMs)];
      return settled(create, params, toCreated, call);
    },

    async read(id, call) {
      const [row] = await run(read, [id], call);
      return row && toStored(row);
    },

    async write({ id, version, seen, user, data, idleMs }, call) {
      const owner = [user ?? null, user !== undefined];
      const params = [id, version, seen ?? null, ...owner, data, boundedMs(idleMs)];
      return settled(write, params, toVerdict, call);
    },

    async touch(id, idleMs, call) {
      return (await change(touch, [id, boundedMs(idleMs)], call)).length > 0;
    },

    async rotate({ from, to, version, idleMs, maxAgeMs, stoneMs, ...more }, call) {
      const { seen, user, data, address, userAgent } = more;
      const given = [seen, user, data, address, userAgent].map((one) => one ?? null);
      const age = maxAgeMs === undefined ? null : boundedMs(maxAgeMs);
      const params = [from, to, version, ...given, boundedMs(idleMs), age, boundedMs(stoneMs)];
      return settled(rotate, params, toVerdict, call);
    },

    async destroy(ids, { token, stoneMs }, call) {
      const rows = await change(destroy, [textArray(ids), token, boundedMs(stoneMs)], call);
      const ended = new Map(rows.map((row) => [text(row, 0), flag(row, 1)]));
      return ids.map((id) => ended.get(id) ?? false);
    },

    async list(user, limit, call) {
      return (await run(list, [user, limit], call)).map(toListed);
    },

    async destroyOf(user, { token, stoneMs, only, except }, call) {
      const params = [user, token, boundedMs(stoneMs), only ?? null, except ?? null];
      const [row = []] = await change(destroyOf, params, call);
      return count(row, 0);
    },

    async sweep(limit, call) {
      const [row = []] = await run(sweep, [limit], call);
      const removed = count(row, 0);
      tables.wrote(removed);
      return { removed, more: removed === limit };
    },

    health: createHealthCheck(db.clock, async (signal) => {
      const [server, [row = []]] = await Promise.all([db.health(), tables.query(health, [], { signal })]);
      const details = { ...server.details, sessions: count(row, 0), deadRows: count(row, 1) };
      return { status: server.status, details };
    }),
  };
}
