import type { HubEvent } from '@parley/hub-protocol';
import { readCount, readText, uuidArray, type TextRow } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { LogEntry } from '../live/feed.ts';
import type { Call, Logs } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit, look, type Seen } from './look.ts';

/** The logs as sockets need them. */
export function createLogs(core: ChatCore): Logs {
  const { tables } = core;
  const ask = async (
    name: string,
    params: readonly (string | number | Uint8Array)[],
    signal?: AbortSignal,
  ) => {
    // Rooms say of everything which epoch it belongs to.
    const epoch = core.epoch();
    const { rows } = await tables.db.query(tables.statement(name), params, { signal });
    await core.confirmEpoch(epoch);
    return rows;
  };
  const headsIn = (rows: readonly TextRow[]): ReadonlyMap<string, number> =>
    new Map(rows.map((row) => [readText(row, 0), readCount(row, 1)]));
  const admitted = async (caller: Caller, channelId: string, { signal }: Call = {}): Promise<Seen> => {
    const epoch = core.epoch();
    const seen = await look(tables, caller, channelId, { signal });
    await core.confirmEpoch(epoch);
    admit(seen, 'channel.read');
    return seen;
  };
  return {
    epoch: core.epoch,
    joined: async (userId, { signal } = {}) => headsIn(await ask('log_joined', [userId], signal)),
    heads: async (channelIds, { signal } = {}) =>
      channelIds.length === 0 ? new Map() : headsIn(await ask('log_heads', [uuidArray(channelIds)], signal)),
    head: async (caller, channelId, call) => (await admitted(caller, channelId, call)).head,
    readTo: async (userId, channelId, { signal } = {}) =>
      (await ask('member_read', [channelId, userId], signal)).map((row) => readCount(row, 0))[0],
    isMember: async (caller, channelId, call) => (await admitted(caller, channelId, call)).role !== undefined,
    read: async (channelId, after, limit, { signal } = {}) =>
      (await ask('log_read', [channelId, after, limit], signal)).map(entryIn),
  };
}

/** What the server must know of an event stands at its head, and is looked at without reading the rest. */
interface Head {
  readonly type: HubEvent['type'];
  readonly userId?: string;
  readonly member?: { readonly userId: string };
}

function entryIn(row: TextRow): LogEntry {
  const event = readText(row, 3);
  // Only such events are ever written.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { type, userId, member } = JSON.parse(event) as Head;
  const about = member?.userId ?? (type === 'channel.member.leave' ? userId : undefined);
  return {
    seq: readCount(row, 0),
    at: readCount(row, 1),
    actorId: row[2] ?? null,
    type,
    event,
    ...(about !== undefined && { userId: about }),
  };
}
