import { defineTopic, type Schema } from '@parley/bus';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { Decoder } from '../src/decoder.ts';
import { open, requireData, seal } from '../src/envelope.ts';
import { emptyStats } from '../src/stats.ts';
import { anything, failureOf, schemaOf, text } from './support.ts';

const topic = defineTopic('t', { class: 'stream', schema: text });
const about = { id: 'i', source: 's', key: undefined, traceparent: undefined };

describe('a body', () => {
  it.each([true, false])('comes back with all that was said about it (with its id: %s)', (withId) => {
    const said = { id: 'i"1', source: 's', key: 'k\n\u{1f701}', traceparent: '00-ab-cd-01' };
    const body = seal(topic, 'ü"\\\u2028', said, withId);
    expect(open(topic, withId ? undefined : 'i"1', body)).toEqual({
      ...said,
      version: 1,
      data: 'ü"\\\u2028',
    });
  });

  it('is well-formed text without NUL, whatever the data and the key hold', () => {
    const body = seal(topic, '\u0000 \ud800', { ...about, key: '\u0000\udfff' }, false);
    expect(body.isWellFormed()).toBe(true);
    expect(body).not.toContain('\u0000');
  });

  it.each([
    ['', 'it is not JSON'],
    ['{"v":1', 'it is not JSON'],
    ['null', 'it is not an envelope'],
    ['7', 'it is not an envelope'],
    ['[]', 'it is not an envelope'],
    ['{}', 'it is not an envelope'],
    ['{"v":1,"s":7,"n":1,"d":"x"}', 'it is not an envelope'],
    ['{"v":1,"s":"s","n":"1","d":"x"}', 'it is not an envelope'],
    ['{"v":1,"s":"s","n":1,"i":7,"d":"x"}', 'it is not an envelope'],
    ['{"v":1,"s":"s","n":1,"k":null,"d":"x"}', 'it is not an envelope'],
    ['{"v":1,"s":"s","n":1,"t":{},"d":"x"}', 'it is not an envelope'],
    ['{"v":2,"s":"s","n":1,"d":"x"}', 'its envelope has version 2'],
    ['{"v":"1","s":"s","n":1,"d":"x"}', 'it is not an envelope'],
    ['{"v":1,"s":"s","n":1}', 'it is not text'],
    ['{"v":1,"s":"s","n":1,"d":7}', 'it is not text'],
    ['{"v":1,"s":"s","n":9,"d":7}', 'it is not text (it was written as version 9)'],
  ])('of %j is refused: %s', async (body, why) => {
    expect(await failureOf(() => open(topic, 'i', body))).toContain(why);
  });

  it('cannot change what all objects inherit', () => {
    const any = defineTopic('any', { class: 'stream', schema: anything<Record<string, unknown>>() });
    const { data } = open(any, 'i', '{"v":1,"s":"s","n":1,"d":{"__proto__":{"admin":true}}}');
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });
});

describe('versions of a topic', () => {
  const second = defineTopic('t', {
    class: 'stream',
    schema: schemaOf<{ name: string }>((value) =>
      typeof value.name === 'string' ? undefined : { message: 'it has no name' },
    ),
    version: 2,
    upgrade: (data, version) => {
      if (data === 'bad') throw new Error('too old');
      return { name: `${String(data)} of version ${version}` };
    },
  });
  const bodyOf = (version: number, data: unknown): string =>
    JSON.stringify({ v: 1, s: 's', n: version, d: data });

  it('older ones are turned into this one before they are held to its schema', () => {
    expect(open(second, 'i', bodyOf(1, 'Ann'))).toMatchObject({
      data: { name: 'Ann of version 1' },
      version: 1,
    });
  });

  it('of this one nothing is turned', () => {
    expect(open(second, 'i', bodyOf(2, { name: 'Ann' })).data).toEqual({ name: 'Ann' });
  });

  it('newer ones are read when they fit all the same', async () => {
    expect(open(second, 'i', bodyOf(3, { name: 'Ann', age: 7 })).data).toEqual({ name: 'Ann', age: 7 });
    expect(await failureOf(() => open(second, 'i', bodyOf(3, {})))).toContain('it was written as version 3');
  });

  it('one that cannot be turned is unreadable, and says why', async () => {
    expect(await failureOf(() => open(second, 'i', bodyOf(1, 'bad')))).toContain(
      'its data of version 1 could not be turned into version 2: Error: too old',
    );
  });
});

describe('a schema', () => {
  it('that throws makes data unreadable, and refused where they are published', async () => {
    const angry: Schema<string> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => {
          throw new Error('no');
        },
      },
    };
    const bad = defineTopic('bad', { class: 'stream', schema: angry });
    expect(await failureOf(() => open(bad, 'i', seal(topic, 'x', about, false)))).toContain(
      'its schema failed',
    );
    expect(await failureOf(() => requireData('data', angry, 'x'))).toBe('INVALID_ARGUMENT data');
  });

  it('that answers in a promise is refused, and its promise left without harm', async () => {
    const later: Schema<string> = {
      '~standard': { version: 1, vendor: 'test', validate: () => Promise.reject(new Error('later')) },
    };
    expect(await failureOf(() => requireData('data', later, 'x'))).toBe('INVALID_ARGUMENT schema');
  });

  it('names the field at fault, however its path is written, and shows what stands there', async () => {
    const schema = schemaOf<unknown>(() => ({ message: 'bad', path: [{ key: 'a' }, 0, 'b'] }));
    expect(await failureOf(() => requireData('data', schema, { a: [{ b: 1 }] }))).toBe(
      'INVALID_ARGUMENT data.a.0.b',
    );
    const without = schemaOf<unknown>(() => ({ message: 'bad' }));
    expect(await failureOf(() => requireData('reply', without, null))).toBe('INVALID_ARGUMENT reply');
    const silent: Schema<string> = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [] }) },
    };
    expect(await failureOf(() => requireData('data', silent, 'x'))).toBe('INVALID_ARGUMENT data');
  });
});

describe('records that are decoded', () => {
  it('are decoded once for all who are told of them, be they readable or not', () => {
    let checks = 0;
    const counting = schemaOf<string>((value) => {
      checks += 1;
      return value === 'bad' ? { message: 'bad' } : undefined;
    });
    const counted = defineTopic('counted', { class: 'stream', schema: counting });
    const stats = emptyStats();
    const decoder = new Decoder(virtualClock({ start: 5_000 }), stats);
    for (const data of ['good', 'bad']) {
      const record = { offset: 1, at: 4_000, id: data, body: seal(counted, data, about, false) };
      const first = decoder.record(counted, 'c', 'e', record);
      expect(decoder.record(counted, 'c', 'e', record)).toBe(first);
    }
    expect([checks, stats.poison]).toEqual([2, 1]);
    expect([stats.lagMs, stats.longestLagMs]).toEqual([1_000, 1_000]);
  });

  it('by a clock that is behind the broker’s have no lag', () => {
    const stats = emptyStats();
    const decoder = new Decoder(virtualClock({ start: 1_000 }), stats);
    decoder.record(topic, 'c', 'e', { offset: 1, at: 4_000, id: 'i', body: seal(topic, 'x', about, false) });
    expect(stats.lagMs).toBe(0);
  });
});
