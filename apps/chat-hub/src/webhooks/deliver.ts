import { anySignal, type Clock } from '@parley/cache-core/kernel';
import { readCount, readText, type ApplicationTables } from '@parley/runtime';
import { CallFailed, callOut } from './call-out.ts';
import type { Networks } from './networks.ts';
import type { Resolve } from './resolve.ts';
import { signedHeaders } from './signature.ts';

export interface DeliverOptions {
  readonly tables: ApplicationTables;
  readonly networks: Networks;
  readonly clock: Clock;
  /** How long an address may take to answer. */
  readonly answerMs: number;
  readonly version: string;
  readonly resolve?: Resolve | undefined;
}

/** What is to be told, and to whom. */
export interface Task {
  readonly id: string;
  /** Counts up when somebody wants it told once more. */
  readonly round: number;
  /** This one included. */
  readonly attempts: number;
  readonly seq: number;
  readonly webhookId: string;
  readonly channelId: string;
  readonly url: string;
  readonly secret: string;
  /** Of the address, in a row, before this. */
  readonly failures: number;
}

/** What became of it. */
export interface Told {
  /** Null: nothing was answered. */
  readonly status: number | null;
  /** Null: it was taken. */
  readonly error: string | null;
  /** It is of no use to try again. */
  readonly final: boolean;
  /** Whether that says something of the address: undefined where it was not called. */
  readonly isDown: boolean | undefined;
}

/** Tells it once, and answers what became of that; undefined: we were ended ourselves before. */
export async function deliver(
  task: Task,
  signal: AbortSignal,
  options: DeliverOptions,
): Promise<Told | undefined> {
  const body = await bodyOf(task, options.tables);
  if (body === undefined) return { status: null, error: 'the event is gone', final: true, isDown: undefined };
  const { networks, clock, answerMs, resolve, version } = options;
  const { id, url, secret } = task;
  const headers = {
    'content-type': 'application/json',
    'user-agent': `parley-hub/${version}`,
    ...signedHeaders(secret, { id, seconds: Math.floor(clock.now() / 1_000), body }),
  };
  const either = anySignal([signal, AbortSignal.timeout(answerMs)]);
  try {
    const call = { url: new URL(url), headers, body };
    const status = await callOut(call, { networks, signal: either.signal, resolve });
    return { status, error: errorOf(status), final: false, isDown: status === 429 || status >= 500 };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    // Whoever closes this node, or has taken the turn over, says nothing of the address.
    if (signal.aborted) return undefined;
    return { status: null, error: error.message, final: error.final, isDown: error.final ? undefined : true };
  } finally {
    either.dispose();
  }
}

/** Read from the log each time, so that nothing is told that was deleted meanwhile. */
async function bodyOf(task: Task, tables: ApplicationTables): Promise<string | undefined> {
  const { id, webhookId, channelId, seq } = task;
  const { rows } = await tables.db.query(tables.statement('log_read'), [channelId, seq - 1, 1]);
  const [entry] = rows;
  if (entry === undefined || readCount(entry, 0) !== seq) return undefined;
  const event: unknown = JSON.parse(readText(entry, 3));
  const timestamp = readCount(entry, 1);
  return JSON.stringify({ id, webhookId, channelId, seq, timestamp, senderId: entry[2] ?? null, event });
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `it answered ${status}: what it redirects to is not followed`;
  return `it answered ${status}`;
}
