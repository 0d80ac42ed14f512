import type { LeaseReply, LeaseRequest, RecordToWrite, StoredRecord } from '@parley/cache-core';
import { bytesArray, integerArray, realArray, textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { Param, TextRow } from '../database.ts';
import { count, flag, real, text } from '../rows.ts';

/** Bytes, version and freshness of a row, from the given column on. */
export function toRecord(row: TextRow, from: number): StoredRecord {
  return {
    bytes: Buffer.from(text(row, from), 'base64'),
    version: count(row, from + 1),
    freshForMs: real(row, from + 2),
  };
}

export const keysOf = (items: readonly { readonly key: string }[]): Buffer =>
  textArray(items.map(({ key }) => key));

export const tokensOf = (items: readonly { readonly token: string }[]): Buffer =>
  textArray(items.map(({ token }) => token));

/** Records, versions, and the two lengths of time. */
export function recordParams(records: readonly RecordToWrite[]): Param[] {
  return [
    bytesArray(records.map(({ bytes }) => bytes)),
    integerArray(records.map(({ version }) => version)),
    ...timeParams(records),
  ];
}

export function timeParams(items: readonly { readonly freshMs: number; readonly keepMs: number }[]): Param[] {
  return [
    realArray(items.map(({ freshMs }) => boundedMs(freshMs))),
    realArray(items.map(({ keepMs }) => boundedMs(keepMs))),
  ];
}

export function leaseParams(requests: readonly LeaseRequest[]): Param[] {
  return [
    keysOf(requests),
    tokensOf(requests),
    realArray(requests.map(({ ttlMs }) => boundedMs(ttlMs))),
    integerArray(requests.map(({ seen }) => seen)),
  ];
}

/** Columns as `cache_lease.sql` answers them. */
export function toLeaseReply(row: TextRow): LeaseReply {
  if (flag(row, 1)) return { state: 'granted', stamp: count(row, 2) };
  if (row[3] !== null) return { state: 'held', forMs: real(row, 3) };
  return { state: 'changed', record: row[4] === null ? undefined : toRecord(row, 4) };
}
