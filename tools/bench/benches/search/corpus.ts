import { readFile } from 'node:fs/promises';
import { HttpClient } from '../hub/http.ts';
import { Program } from '../hub/program.ts';
import { hubProgram } from '../hub/server.ts';
import { settle } from '../hub/workspace.ts';

/** How many messages there are; fewer are loaded sooner, and say less. */
const messages = Number(process.env['SEARCH_MESSAGES'] ?? 1_000_000);
const perStatement = 20_000;
const database = `bench_search_${messages}`;

/** Who searches: somebody who is in all 200 channels, and somebody who may read five of them. */
export interface Readers {
  readonly everywhere: string;
  readonly aside: string;
}

/** A hub that has been talked in for long. It is filled once for all that measure it in one run, which takes some minutes. */
export async function openCorpus(server: string): Promise<{ program: Program; readers: Readers }> {
  const url = new URL(server);
  url.pathname = `/${database}`;
  const there = await makeDatabase(server);
  const env = {
    NODE_ENV: 'production',
    HUB_PORT: '0',
    HUB_LOG_LEVEL: 'error',
    HUB_LIMITS: 'off',
    DATABASE_URL: url.href,
  };
  const program = new Program(hubProgram, { env });
  await program.ready();
  if (!there) await fill(url.href, program);
  return { program, readers: await readersIn(url.href) };
}

async function fill(url: string, program: Program): Promise<void> {
  const { tokens } = await settle(program, 2);
  const users: string[] = [];
  for (const token of tokens) users.push(await userOf(program, token));
  await withClient(url, async (query) => {
    await query(await text('words'), []);
    const insert = await text('messages');
    for (let from = 1; from <= messages; from += perStatement)
      await query(insert, [from, Math.min(messages, from + perStatement - 1)]);
    const join = await text('members');
    for (const [i, channels] of [200, 5].entries()) await query(join, [users[i], channels]);
    await query('create table bench.readers as select * from unnest($1::text[]) as token', [tokens]);
    await query('vacuum analyze', []);
  });
}

async function userOf({ url }: Program, token: string): Promise<string> {
  const client = new HttpClient(url);
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await client.ask({ method: 'GET', path: '/api/v1/me', headers });
  client.close();
  const { id }: { id?: unknown } = Object(body);
  return String(id);
}

async function readersIn(url: string): Promise<Readers> {
  const [everywhere = '', aside = ''] = await withClient(url, async (query) =>
    (await query('select token from bench.readers', [])).map(({ token }) => String(token)),
  );
  return { everywhere, aside };
}

/** Answers whether it was there. */
function makeDatabase(server: string): Promise<boolean> {
  return withClient(server, async (query) => {
    const known = await query('select from pg_database where datname = $1', [database]);
    if (known.length === 0) await query(`create database ${database}`, []);
    return known.length > 0;
  });
}

type Query = (text: string, values: readonly unknown[]) => Promise<Readonly<Record<string, unknown>>[]>;

async function withClient<T>(url: string, use: (query: Query) => Promise<T>): Promise<T> {
  const { Client } = await import('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(async (text, values) => {
      // Several statements in one go take no values.
      const { rows } = await (values.length === 0 ? client.query(text) : client.query(text, [...values]));
      return rows;
    });
  } finally {
    await client.end();
  }
}

const text = (name: string): Promise<string> => readFile(new URL(`${name}.sql`, import.meta.url), 'utf8');
