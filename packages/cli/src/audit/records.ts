import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { auditRecordReader, limits, readReceived, type AuditRecord } from '@parley/hub-protocol';
import type { CallAnyRoute } from '@parley/hub-client/admin';
import { CliError } from '../cli-error.ts';

/** What the hub says of the end of its chain. */
export interface ChainEnd {
  readonly waiting: number;
  readonly waitingMs: number;
  readonly lost: string | null;
}

/** The chain as the hub has it, seal by seal; answers with what it says of the end. */
export async function* recordsOfHub(call: CallAnyRoute): AsyncGenerator<AuditRecord, ChainEnd> {
  for (let after = 0; ;) {
    const page = await call('readAuditChain', { query: { after, limit: limits.page } });
    yield* page.items;
    const last = page.items.at(-1)?.seq ?? after;
    // What it wrongly says must not make us ask for ever.
    if (page.items.length < limits.page || last <= after) {
      const { waiting, waitingMs, lost } = page;
      return { waiting, waitingMs, lost };
    }
    after = last;
  }
}

/** The first entry that is neither sealed nor waits for it, part by part. */
export async function looseAt(call: CallAnyRoute): Promise<string | null> {
  for (let after: string | undefined; ;) {
    const { loose, next } = await call('checkAudit', { query: after === undefined ? {} : { after } });
    if (loose !== null || next === null || next === after) return loose;
    after = next;
  }
}

/** The chain as `parley audit export` wrote it. */
export async function* recordsOfFile(file: string, stdin: Readable): AsyncGenerator<AuditRecord> {
  const input = file === '-' ? stdin : createReadStream(file);
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number += 1;
      if (line.trim() !== '') yield recordIn(line, number, file);
    }
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new CliError('FILE', `${file} cannot be read${code}`, { cause });
  }
}

function recordIn(line: string, number: number, file: string): AuditRecord {
  try {
    return readReceived(auditRecordReader, JSON.parse(line));
  } catch (cause) {
    throw new CliError('FILE', `line ${number} of ${file} is no entry of an audit log`, { cause });
  }
}
