import type { Subject, Subjects } from '../../src/scenario.ts';
import { schemaName } from './schema-name.ts';
import { chatSchema, messageOf, type ChatMessage } from './message.ts';

const jobs = 3_000;

/** Adds jobs and waits until the workers have done them all; answers jobs a second. */
async function drain(
  add: (items: readonly ChatMessage[]) => Promise<unknown>,
  done: { count: number },
): Promise<number> {
  done.count = 0;
  const startedAt = performance.now();
  for (let from = 0; from < jobs; from += 500)
    await add(Array.from({ length: 500 }, (_, i) => messageOf(from + i)));
  while (done.count < jobs) await new Promise((resolve) => setTimeout(resolve, 1));
  return (jobs * 1_000) / (performance.now() - startedAt);
}

const ours: Subject = async ({ url, prefix }) => {
  const { createBus, defineTopic } = await import('@parley/bus');
  const { connectPostgres } = await import('@parley/adapter-postgres');
  const { postgresBroker } = await import('@parley/adapter-postgres/bus');
  const db = connectPostgres({ url: url('postgres'), schema: schemaName(prefix) });
  const broker = postgresBroker(db);
  const bus = createBus({ broker });
  const topic = defineTopic('mail', { class: 'queue', schema: chatSchema });
  const done = { count: 0 };
  bus.work(topic, () => void (done.count += 1), { concurrency: 200 });
  return {
    op: () => drain((items) => bus.publishMany(topic, items), done),
    async teardown() {
      await bus.close();
      await broker.close();
      await db.close();
    },
  };
};

/** With its local queue, which fetches many jobs at once, and completions in batches. */
const graphile: Subject = async ({ url, prefix }) => {
  const { Logger, makeWorkerUtils, run } = await import('graphile-worker');
  const done = { count: 0 };
  const silent = new Logger(() => () => undefined);
  const utils = await makeWorkerUtils({
    connectionString: url('postgres'),
    schema: schemaName(prefix),
    logger: silent,
  });
  await utils.migrate();
  const runner = await run({
    connectionString: url('postgres'),
    schema: schemaName(prefix),
    concurrency: 24,
    maxPoolSize: 10,
    noHandleSignals: true,
    logger: silent,
    preset: {
      worker: {
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    taskList: { mail: () => void (done.count += 1) },
  });
  return {
    op: () =>
      drain((items) => utils.addJobs(items.map((payload) => ({ identifier: 'mail', payload }))), done),
    async teardown() {
      await runner.stop();
      await utils.release();
    },
  };
};

/** Batches of 200, fetched by several workers at once. */
const boss: Subject = async ({ url, prefix }) => {
  const { PgBoss } = await import('pg-boss');
  const pgBoss = new PgBoss({ connectionString: url('postgres'), schema: schemaName(prefix) });
  pgBoss.on('error', () => undefined);
  await pgBoss.start();
  await pgBoss.createQueue('mail');
  const done = { count: 0 };
  for (let i = 0; i < 4; i++) {
    await pgBoss.work('mail', { batchSize: 200, pollingIntervalSeconds: 0.5 }, async (batch) => {
      done.count += batch.length;
    });
  }
  return {
    op: () =>
      drain(
        (items) =>
          pgBoss.insert(
            'mail',
            items.map((data) => ({ data })),
          ),
        done,
      ),
    teardown: () => pgBoss.stop({ graceful: false }),
  };
};

/** 3,000 jobs with an empty handler, added by 500. */
export const postgresQueue: Subjects = { ours, rivals: { 'graphile-worker': graphile, 'pg-boss': boss } };
