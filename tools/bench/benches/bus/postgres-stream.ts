import type { Subject, Subjects } from '../../src/scenario.ts';
import { schemaName } from './schema-name.ts';
import { chatSchema, Heard, messageOf } from './message.ts';

const channels = Array.from({ length: 16 }, (_, i) => `channel-${i}`);
const channelAt = (i: number): string => channels[i % channels.length] ?? '';

async function openBus(url: string, schema: string) {
  const { createBus, defineTopic } = await import('@parley/bus');
  const { connectPostgres } = await import('@parley/adapter-postgres');
  const { postgresBroker } = await import('@parley/adapter-postgres/bus');
  const db = connectPostgres({ url, schema });
  const broker = postgresBroker(db);
  const bus = createBus({ broker });
  const topic = defineTopic('chat', { class: 'stream', schema: chatSchema });
  return {
    bus,
    topic,
    close: async () => {
      await bus.close();
      await broker.close();
      await db.close();
    },
  };
}

const oursPublish: Subject = async ({ url, prefix }) => {
  const { bus, topic, close } = await openBus(url('postgres'), schemaName(prefix));
  const heard = { count: 0 };
  for (const channel of channels) {
    await bus.subscribe(topic, () => void (heard.count += 1), { channel }).ready();
  }
  const sent = { count: 0 };
  return {
    async op(i) {
      await bus.publish(topic, messageOf(i), { channel: channelAt(i) });
      sent.count += 1;
    },
    async teardown() {
      for (let waited = 0; heard.count < sent.count && waited < 5_000; waited += 20) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await close();
      if (heard.count !== sent.count) throw new Error(`${heard.count} of ${sent.count} arrived`);
    },
  };
};

/** One statement for each message: the channel's counter, the row, and with `notify` the word of it in the same transaction. */
function bare(notify: boolean): Subject {
  return async ({ url, prefix }) => {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url('postgres'), max: 16 });
    const [meta, log] = [`${schemaName(prefix)}_m`, `${schemaName(prefix)}_l`];
    await pool.query(`CREATE TABLE ${meta} (channel text PRIMARY KEY, top bigint NOT NULL)`);
    await pool.query(
      `CREATE TABLE ${log} (channel text, n bigint, body text, at timestamptz DEFAULT now(), PRIMARY KEY (channel, n))`,
    );
    const listener = new pg.Client({ connectionString: url('postgres') });
    await listener.connect();
    await listener.query(`LISTEN ${meta}`);
    const sql = `WITH m AS (INSERT INTO ${meta} AS m VALUES ($1, 1) ON CONFLICT (channel) DO UPDATE SET top = m.top + 1 RETURNING top),
      l AS (INSERT INTO ${log} (channel, n, body) SELECT $1, top, $2 FROM m RETURNING n)
      SELECT n ${notify ? `, pg_notify('${meta}', $1 || ' ' || n)` : ''} FROM l`;
    return {
      op: (i) =>
        pool.query({ name: 'append', text: sql, values: [channelAt(i), JSON.stringify(messageOf(i))] }),
      async teardown() {
        await listener.end();
        await pool.end();
      },
    };
  };
}

/** 16 in flight over 16 channels; ours with a reader that must have everything in the end. */
export const postgresPublish: Subjects = {
  ours: oursPublish,
  floor: bare(false),
  rivals: { 'NOTIFY in the transaction': bare(true) },
};

const oursLatency: Subject = async ({ url, prefix }) => {
  const { bus, topic, close } = await openBus(url('postgres'), schemaName(prefix));
  const heard = new Heard();
  await bus.subscribe(topic, heard.tell).ready();
  return {
    async op(i) {
      const got = heard.next();
      await bus.publish(topic, messageOf(i));
      await got;
    },
    teardown: close,
  };
};

/** Insert, then NOTIFY, then the listener fetches. */
const bareLatency: Subject = async ({ url, prefix }) => {
  const { default: pg } = await import('pg');
  const table = schemaName(prefix);
  const [writer, reader, listener] = [0, 1, 2].map(
    () => new pg.Client({ connectionString: url('postgres') }),
  );
  if (writer === undefined || reader === undefined || listener === undefined) throw new Error('no clients');
  await Promise.all([writer.connect(), reader.connect(), listener.connect()]);
  await writer.query(`CREATE TABLE ${table} (n bigserial PRIMARY KEY, body text)`);
  await listener.query(`LISTEN ${table}`);
  const heard = new Heard();
  const state = { last: 0 };
  const fetch = async (): Promise<void> => {
    const text = `SELECT n, body FROM ${table} WHERE n > $1 ORDER BY n LIMIT 100`;
    const { rows } = await reader.query<{ n: string; body: string }>({
      name: 'fetch',
      text,
      values: [state.last],
    });
    for (const { n, body } of rows) {
      state.last = Number(n);
      JSON.parse(body);
      heard.tell();
    }
  };
  listener.on('notification', () => void fetch());
  return {
    async op(i) {
      const got = heard.next();
      const insert = `INSERT INTO ${table} (body) VALUES ($1)`;
      await writer.query({ name: 'insert', text: insert, values: [JSON.stringify(messageOf(i))] });
      await writer.query(`NOTIFY ${table}`);
      await got;
    },
    async teardown() {
      await Promise.all([writer.end(), reader.end(), listener.end()]);
    },
  };
};

export const postgresLatency: Subjects = { ours: oursLatency, floor: bareLatency };
