import { connectPostgres } from '@parley/adapter-postgres';
import { sharedPostgres } from '@parley/services';
import { expect, test } from 'vitest';
import { busOn, pageOf } from '../support/bus.ts';
import { startChild } from '../support/child.ts';

interface Outcome {
  readonly offsets: readonly number[];
  readonly done: readonly string[];
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'object' && value !== null && 'offsets' in value && 'done' in value;
}

test('processes that start together make the tables and the days once, and share logs and queues', async () => {
  const shared = await sharedPostgres();
  const { url, schema } = shared;
  const names = ['a', 'b', 'c', 'd'];
  const rounds = 25;
  const children = names.map((name) => startChild('appending.ts', [url, schema, name, `${rounds}`]));
  const db = connectPostgres({ url, schema });
  try {
    for (const child of children) expect(await child.line()).toBe('ready');
    for (const child of children) child.say('go');
    const outcomes: Outcome[] = [];
    for (const child of children) {
      const outcome: unknown = JSON.parse(await child.line());
      if (!isOutcome(outcome)) throw new Error(`it failed: ${JSON.stringify(outcome)}`);
      outcomes.push(outcome);
    }
    const total = names.length * rounds;
    const offsets = outcomes.flatMap((outcome) => outcome.offsets).toSorted((a, b) => a - b);
    expect(offsets).toEqual(Array.from({ length: total }, (_, i) => i + 1));
    const broker = busOn(db);
    const { records } = await pageOf(broker, 't:shared');
    for (const [i, name] of names.entries()) {
      const own = outcomes[i]?.offsets ?? [];
      expect(own.map((offset) => records[offset - 1]?.body)).toEqual(
        Array.from({ length: rounds }, (_, n) => `${name} ${n}`),
      );
    }
    const done = outcomes.flatMap((outcome) => outcome.done);
    const left = await broker.jobs.counts('q:shared');
    expect(new Set(done).size).toBe(done.length);
    expect(done.length + left.ready).toBe(total);
    const { rows } = await db.query({ text: `select count(*) from ${schema}.bus_histories` });
    expect(rows).toEqual([['1']]);
    await broker.close();
  } finally {
    await Promise.all(children.map((child) => child[Symbol.asyncDispose]()));
    await db.close();
    await shared.drop();
  }
}, 60_000);
