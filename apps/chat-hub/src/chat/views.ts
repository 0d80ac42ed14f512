import type { Channel, Member, Message, Thread } from '@parley/hub-protocol';
import { readText, uuidArray, type ApplicationTables, type Queries } from '@parley/runtime';
import type { Call } from './chat.ts';

/** What the views in `sql/migrations` answer is written for these types. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function fromView<T>(json: string): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(json) as T;
}

interface ViewCall extends Call {
  readonly on?: Queries;
}

async function view<T>(
  tables: ApplicationTables,
  name: string,
  params: readonly string[],
  { on = tables.db, signal }: ViewCall,
): Promise<T | undefined> {
  const { rows } = await on.query(tables.statement(name), params, { signal });
  return rows.map((row) => fromView<T>(readText(row, 0)))[0];
}

export function messageView(
  tables: ApplicationTables,
  id: string,
  call: ViewCall = {},
): Promise<Message | undefined> {
  return view(tables, 'message_view', [id], call);
}

/** Those that are there, by their ids. */
export async function messageViews(
  tables: ApplicationTables,
  ids: readonly string[],
  { on = tables.db, signal }: ViewCall = {},
): Promise<ReadonlyMap<string, Message>> {
  const { rows } = await on.query(tables.statement('message_views'), [uuidArray(ids)], { signal });
  return new Map(rows.map((row) => [readText(row, 0), fromView<Message>(readText(row, 1))]));
}

export function channelView(
  tables: ApplicationTables,
  id: string,
  call: ViewCall = {},
): Promise<Channel | undefined> {
  return view(tables, 'channel_view', [id], call);
}

export function memberView(
  tables: ApplicationTables,
  channelId: string,
  userId: string,
  call: ViewCall = {},
): Promise<Member | undefined> {
  return view(tables, 'member_view', [channelId, userId], call);
}

export async function threadViews(
  tables: ApplicationTables,
  roots: readonly string[],
  { on = tables.db, signal }: ViewCall = {},
): Promise<ReadonlyMap<string, Thread>> {
  const { rows } = await on.query(tables.statement('thread_view'), [uuidArray(roots)], { signal });
  return new Map(rows.map((row) => [readText(row, 0), fromView<Thread>(readText(row, 1))]));
}

export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} is gone in the middle of its own transaction`);
  return value;
}
