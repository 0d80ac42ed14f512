import type { Message, MessageKind } from '@parley/hub-protocol';
import {
  readCount,
  readFlag,
  readText,
  uuidArray,
  type ApplicationTables,
  type Queries,
} from '@parley/runtime';
import type { Call } from './chat.ts';
import { noMessage } from './refusals.ts';

/** What is known of a message without reading it. */
export interface Place {
  readonly id: string;
  /** Never changes, as do neither thread, kind nor sender. */
  readonly channelId: string;
  readonly threadId: string | undefined;
  readonly kind: MessageKind;
  readonly deleted: boolean;
  readonly senderId: string | undefined;
  readonly streaming: Message['streaming'];
  readonly seq: number;
  /** It is one that others have to read. */
  readonly counts: boolean;
}

export async function readPlaces(
  tables: ApplicationTables,
  ids: readonly string[],
  { on = tables.db, signal }: Call & { readonly on?: Queries } = {},
): Promise<ReadonlyMap<string, Place>> {
  const { rows } = await on.query(tables.statement('message_places'), [uuidArray(ids)], { signal });
  return new Map(
    rows.map((row) => [
      readText(row, 0),
      {
        id: readText(row, 0),
        channelId: readText(row, 1),
        threadId: row[2] ?? undefined,
        // Only these are ever written.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        kind: readText(row, 3) as MessageKind,
        deleted: readFlag(row, 4),
        senderId: row[5] ?? undefined,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        streaming: readText(row, 6) as Message['streaming'],
        seq: readCount(row, 7),
        counts: readFlag(row, 8),
      },
    ]),
  );
}

/**
 * @throws {HubError} `NOT_FOUND`
 */
export async function readPlace(
  tables: ApplicationTables,
  id: string,
  call: Call & { readonly on?: Queries } = {},
): Promise<Place> {
  const place = (await readPlaces(tables, [id], call)).get(id);
  if (place === undefined) throw noMessage(id);
  return place;
}
