import { fastify } from 'fastify';
import { WebSocket, WebSocketServer } from 'ws';

/** The least that takes messages over HTTP and WebSocket, commits each, and tells everybody. Rights, order, repetition: none. */
type Insert = (content: string) => Promise<number>;

const table = 'CREATE TABLE IF NOT EXISTS messages (seq bigserial PRIMARY KEY, content text NOT NULL)';
const insertion = 'INSERT INTO messages (content) VALUES ($1) RETURNING seq';

async function openInsert(): Promise<Insert> {
  const { BARE_DATA: folder, BARE_DATABASE_URL: url } = process.env;
  if (url !== undefined) {
    const { Pool } = await import('pg');
    const pool = new Pool({ connectionString: url, max: 4 });
    await pool.query(table);
    return async (content) => {
      const query = { name: 'insert', text: insertion, values: [content] };
      const { rows } = await pool.query<{ seq: string }>(query);
      return Number(rows[0]?.seq);
    };
  }
  if (folder === undefined) return async () => 0;
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create({ dataDir: folder });
  await db.exec(table);
  return async (content) => {
    const { rows } = await db.query<{ seq: number }>(insertion, [content]);
    return rows[0]?.seq ?? 0;
  };
}

const insert = await openInsert();
const app = fastify();
app.post<{ Body: { content: string } }>('/messages', async ({ body }, reply) => {
  const seq = await insert(body.content);
  return reply.code(201).send({ seq, content: body.content });
});

const server = new WebSocketServer({ server: app.server, perMessageDeflate: false });
server.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    void answer(socket, data.toString());
  });
});

async function answer(socket: WebSocket, text: string): Promise<void> {
  const { ref, content }: { ref: string; content: string } = JSON.parse(text);
  const seq = await insert(content);
  socket.send(JSON.stringify({ type: 'ack', ref, seq }));
  const event = Buffer.from(JSON.stringify({ type: 'event', event: { message: { content } }, seq }));
  for (const one of server.clients) if (one.readyState === WebSocket.OPEN) one.send(event, { binary: false });
}

const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.on('SIGTERM', () => process.exit(0));
console.log(`Bare is ready: ${address}/`);
