import { readFileSync } from 'node:fs';
import { sharedPostgres } from '@parley/services';
import { expect, it } from 'vitest';
import { text } from '../support/text.ts';
// #region bus
import { connectPostgres } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { createBus, defineTopic } from '@parley/bus';

const noted = defineTopic('noted', { class: 'stream', schema: text });

export async function note(url: string, schema: string, line: string): Promise<string[]> {
  await using db = connectPostgres({ url, schema });
  await using broker = postgresBroker(db);
  await using bus = createBus({ broker });
  await using listening = bus.subscribe(noted, ({ data }) => show(data), { channel: 'room-7' });
  await listening.ready();

  // The row and the word of it commit together, or neither does.
  const { committed } = await db.transaction(async (session) => {
    await session.query({ text: `insert into ${schema}.notes (line) values ($1)` }, [line]);
    return broker.appendIn(session, [bus.prepare(noted, line, { channel: 'room-7' })]);
  });
  committed(); // tells the others at once; without, they find it within a second

  await bus.publish(noted, 'and so on', { channel: 'room-7' });
  const { messages } = await bus.history(noted, { channel: 'room-7' });
  return messages.map(({ data }) => data);
}
// #endregion bus

const shown: string[] = [];
const show = (line: string): void => void shown.push(line);

it('runs', async () => {
  await using shared = await sharedPostgres();
  const { url, schema } = shared;
  await using db = connectPostgres({ url, schema });
  await db.query({ text: `create table ${schema}.notes (line text)` });
  expect(await note(url, schema, 'hello')).toEqual(['hello', 'and so on']);
  expect(shown[0]).toBe('hello');
});

it('is what the README shows', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, tested] = /\/\/ #region bus\n([^]*?)\/\/ #endregion bus/.exec(read('bus.test.ts')) ?? [];
  expect(tested).toBeDefined();
  expect(read('../../README.md')).toContain(`\`\`\`ts\n${tested}\`\`\``);
});
