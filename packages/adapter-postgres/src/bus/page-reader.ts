import type { BrokerCall, ReadRequest, StoredRecord, StreamPage } from '@parley/bus';
import { StoreFault } from '@parley/cache-core/kernel';
import { integerArray, textArray } from '../arrays.ts';
import type { Statement, TextRow } from '../database.ts';
import { count, text } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';
import { toLineage } from './positions.ts';

/** Requests of one statement: as many as may each come with one record of the largest size, and those that ask for none. */
const maxReads = 32;
const maxLooks = 512;
/** What one statement answers, about. */
const pageBytes = 4 * 1024 * 1024;
const leastBytes = 64 * 1024;

/** Reads logs, and begins those that do not exist, so that their epoch lasts. */
export class PageReader {
  readonly #tables: BusTables;
  readonly #read: Statement;
  readonly #begin: Statement;

  constructor(tables: BusTables) {
    this.#tables = tables;
    this.#read = tables.statement('bus_read');
    this.#begin = tables.statement('bus_begin_channels');
  }

  async read(requests: readonly ReadRequest[], options: BrokerCall): Promise<readonly StreamPage[]> {
    const pages = new Map<ReadRequest, StreamPage>();
    for (const part of cut([...new Set(requests)])) await this.#readInto(pages, part, options);
    return requests.map((request) => {
      const page = pages.get(request);
      if (page === undefined) throw new StoreFault('Postgres: a channel was left without a log');
      return page;
    });
  }

  async #readInto(
    pages: Map<ReadRequest, StreamPage>,
    requests: readonly ReadRequest[],
    options: BrokerCall,
  ): Promise<void> {
    let missing = await this.#ask(pages, requests, options);
    for (let tries = 0; missing.length > 0 && tries < 2; tries++) {
      // Either there is no such channel, or this server has just taken over, and knows of nothing yet.
      if (tries > 0) await this.#tables.begin();
      const channels = [...new Set(missing.map(({ channel }) => channel))];
      await this.#tables.query(this.#begin, [textArray(channels)], options);
      missing = await this.#ask(pages, missing, options);
    }
  }

  /** Answers those of which nothing is known. */
  async #ask(
    pages: Map<ReadRequest, StreamPage>,
    requests: readonly ReadRequest[],
    options: BrokerCall,
  ): Promise<readonly ReadRequest[]> {
    const reading = requests.filter(({ limit }) => limit > 0).length;
    const rows = await this.#tables.query(
      this.#read,
      [
        textArray(requests.map(({ channel }) => channel)),
        textArray(requests.map(({ after }) => after?.epoch)),
        integerArray(requests.map(({ after }) => after?.offset)),
        integerArray(requests.map(({ limit }) => limit)),
        Math.max(leastBytes, Math.floor(pageBytes / Math.max(1, reading))),
      ],
      options,
    );
    let records: StoredRecord[] = [];
    for (const row of rows) {
      if (row[1] === null) {
        records.push(toRecord(row));
        continue;
      }
      const request = requests[count(row, 0) - 1];
      records = [];
      if (request !== undefined) pages.set(request, toPage(row, records));
    }
    return requests.filter((request) => !pages.has(request));
  }
}

/** @param records to be filled with what follows */
function toPage(row: TextRow, records: readonly StoredRecord[]): StreamPage {
  const epoch = text(row, 1);
  const lineage = toLineage(epoch, text(row, 4));
  return { epoch, top: count(row, 2), oldest: count(row, 3), lineage, records };
}

function toRecord(row: TextRow): StoredRecord {
  return { offset: count(row, 2), at: count(row, 5), id: text(row, 6), body: text(row, 7) };
}

function cut(requests: readonly ReadRequest[]): readonly (readonly ReadRequest[])[] {
  const parts: ReadRequest[][] = [];
  let reads = 0;
  for (const request of requests) {
    const part = parts.at(-1);
    reads += request.limit > 0 ? 1 : 0;
    if (part === undefined || reads > maxReads || part.length >= maxLooks) {
      parts.push([request]);
      reads = request.limit > 0 ? 1 : 0;
    } else {
      part.push(request);
    }
  }
  return parts;
}
