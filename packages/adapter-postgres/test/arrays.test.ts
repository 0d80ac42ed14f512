import {
  booleanArray,
  bytesArray,
  connectPostgres,
  embedded,
  integerArray,
  jsonArray,
  realArray,
  textArray,
  uuidArray,
} from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { sharedPostgres } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.ts';

const id = '0190163d-8694-739b-aea5-966c26f8ad90';

describe.each([
  ['a server', async () => connectPostgres({ url: (await sharedPostgres()).url })],
  ['an embedded database', () => embedded({ memory: true })],
])('on %s', (_, open) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  test.each<[type: string, param: Buffer, texts: readonly (string | null)[]]>([
    [
      'text',
      textArray(['', 'a "b" {c},\\', 'null', 'ä€😀', null, undefined]),
      ['', 'a "b" {c},\\', 'null', 'ä€😀', null, null],
    ],
    ['text', textArray([]), []],
    [
      'bigint',
      integerArray([0, -1, 2 ** 53 - 1, 2n ** 63n - 1n, -(2n ** 63n), null, undefined]),
      ['0', '-1', '9007199254740991', '9223372036854775807', '-9223372036854775808', null, null],
    ],
    ['float8', realArray([0.1, -Infinity, null]), ['0.1', '-Infinity', null]],
    ['boolean', booleanArray([true, false]), ['true', 'false']],
    ['bytea', bytesArray([Buffer.from([0, 255]), Buffer.from(''), null]), ['\\x00ff', '\\x', null]],
    ['uuid', uuidArray([id, id.toUpperCase().replaceAll('-', ''), undefined]), [id, id, null]],
    [
      'jsonb',
      jsonArray([{ a: [1, null, 'ä"\\'] }, [], 'text', 0, false, null, undefined]),
      ['{"a": [1, null, "ä\\"\\\\"]}', '[]', '"text"', '0', 'false', null, null],
    ],
  ])('%s[] arrives as it was sent', async (type, param, texts) => {
    const text = `select v::text from unnest($1::${type}[]) with ordinality as u (v, n) order by n`;
    expect((await db.query({ text }, [param])).rows.map(([value]) => value)).toEqual(texts);
  });

  test('a batch of thousands is one parameter', async () => {
    const many = Array.from({ length: 10_000 }, (_, i) => i);
    const text = 'select count(*), sum(n), max(t) from unnest($1::bigint[], $2::text[]) as u (n, t)';
    const { rows } = await db.query({ text }, [integerArray(many), textArray(many.map(String))]);
    expect(rows).toEqual([['10000', '49995000', '9999']]);
  });

  test.each([
    ['a character that the server has none for', 'text', textArray(['a\0b'])],
    ['the same in JSON', 'jsonb', jsonArray([{ a: '\0' }])],
  ])('%s is refused by it, and the connection goes on', async (_, type, param) => {
    const text = `select count(*) from unnest($1::${type}[])`;
    expect(await failure(db.query({ text }, [param]))).toMatchObject({ code: 'STORE_FAULT' });
    expect((await db.query({ text: 'select 1' })).rows).toEqual([['1']]);
  });
});

const looped: unknown[] = [];
looped.push(looped);

test.each<[string, () => Buffer]>([
  ['a fraction', () => integerArray([1.5])],
  ['a number that is not exact any more', () => integerArray([2 ** 53])],
  ['no number', () => integerArray([Number.NaN])],
  ['more than 64 bits', () => integerArray([2n ** 63n])],
  ['a text that is no UUID', () => uuidArray(['0190163d-8694-739b-aea5'])],
  ['a text around a UUID', () => uuidArray([`${id}00`])],
  ['a function as JSON', () => jsonArray([() => 1])],
  ['what contains itself', () => jsonArray([looped])],
  ['a bigint as JSON', () => jsonArray([1n])],
])('%s is refused before anything is sent', (_, encode) => {
  expect(encode).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', field: 'values' }));
});
