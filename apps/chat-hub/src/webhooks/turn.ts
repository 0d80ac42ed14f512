import type { Job } from '@parley/bus';
import type { Backoff } from '@parley/cache-core/kernel';
import { readCount, readText } from '@parley/runtime';
import { deliver, type DeliverOptions, type Task, type Told } from './deliver.ts';
import type { TurnJob } from './topic.ts';

export interface TurnOptions extends DeliverOptions {
  /** How often something is tried before it is given up. */
  readonly attempts: number;
  /** The pause before it is tried again, in ms, and that of an address that fails and fails. */
  readonly backoff: Backoff;
  /** How long one webhook is at it while others wait. */
  readonly sliceMs: number;
}

/** What an address is told at once, while it answers. */
const atOnce = 8;
/** Failures in a row after which an address is left alone for a while. */
const patience = 3;
/** Beyond what an address may take to answer: until somebody else may tell it, because we have died. */
const spareMs = 5_000;

/** Tells an address what there is, until there is nothing more or others are to have their turn. */
export async function takeTurn(job: Job<TurnJob>, options: TurnOptions): Promise<void> {
  const { tables, clock, sliceMs } = options;
  const { data, signal } = job;
  const { webhookId, turn } = data;
  const end = clock.monotonic() + sliceMs;
  for (let more = true; more && clock.monotonic() < end;) {
    signal.throwIfAborted();
    more = await tellSome(data, signal, options);
  }
  signal.throwIfAborted();
  await tables.db.query(tables.statement('webhook_rest'), [webhookId, turn]);
}

async function tellSome(
  { webhookId, turn }: TurnJob,
  signal: AbortSignal,
  options: TurnOptions,
): Promise<boolean> {
  const { tables, answerMs } = options;
  const params = [webhookId, turn, atOnce, answerMs + spareMs];
  const { rows } = await tables.db.query(tables.statement('webhook_turn'), params);
  const tasks = rows.map((row): Task => ({
    id: readText(row, 0),
    round: readCount(row, 1),
    attempts: readCount(row, 2),
    seq: readCount(row, 3),
    webhookId,
    channelId: readText(row, 4),
    url: readText(row, 5),
    secret: readText(row, 6),
    failures: readCount(row, 7),
  }));
  if (tasks.length === 0) return false;
  const tried = await Promise.all(
    tasks.map(async (task) => ({ task, told: await attempt(task, signal, options) })),
  );
  const outcomes = tried.flatMap(({ task, told }) =>
    told === undefined ? [] : [outcomeOf(task, told, options)],
  );
  const back = tried.flatMap(({ task: { id, round, attempts }, told }) =>
    told === undefined ? [{ id, round, attempts }] : [],
  );
  const heard = tried.flatMap(({ told }) => (told?.isDown === undefined ? [] : [told.isDown]));
  const isDown = heard.length === 0 ? null : heard.every(Boolean);
  const failures = (tasks[0]?.failures ?? 0) + 1;
  const pause = isDown === true && failures >= patience ? options.backoff(failures - patience + 1) : null;
  const noted = [webhookId, JSON.stringify(outcomes), isDown, pause === null ? null : Math.round(pause)];
  await tables.db.query(tables.statement('webhook_told'), noted);
  if (back.length > 0) await tables.db.query(tables.statement('deliveries_back'), [JSON.stringify(back)]);
  return true;
}

/** What was begun too often already has ended its nodes each time, or was never heard of again. */
async function attempt(task: Task, signal: AbortSignal, options: TurnOptions): Promise<Told | undefined> {
  if (task.attempts <= options.attempts) return deliver(task, signal, options);
  return {
    status: null,
    error: 'it was begun again and again, and never ended',
    final: true,
    isDown: undefined,
  };
}

function outcomeOf({ id, round, attempts }: Task, told: Told, options: TurnOptions) {
  const { status, error, final } = told;
  const isOver = final || attempts >= options.attempts;
  const state = error === null ? 'delivered' : isOver ? 'dead' : 'waiting';
  return { id, round, attempts, state, status, error, pause: Math.round(options.backoff(attempts)) };
}
