import { InvalidArgument, joinKey, requireKey, splitKey } from '@parley/cache-core/kernel';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, failureOf } from './support.ts';

const edges = [
  '\x1f',
  ' ',
  '~',
  '\x7f',
  '\x9f',
  '\xa0',
  '\u07ff',
  '\u0800',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
];
const anyText = fc.oneof(
  fc.array(fc.constantFrom(...edges), { maxLength: 6 }).map((characters) => characters.join('')),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.integer({ min: 0, max: 0xff_ff }), { maxLength: 12 })
    .map((units) => String.fromCharCode(...units)),
);

describe('requireKey', () => {
  it('lets through exactly what is legal, unaltered', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 24 }), (text, maxBytes) => {
        const legal =
          text !== '' && Buffer.byteLength(text) <= maxBytes && text.isWellFormed() && !/\p{Cc}/u.test(text);
        const answer = answerOf(() => requireKey(text, { maxBytes }));
        expect(answer).toBe(legal ? text : 'INVALID_ARGUMENT key');
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    'app_1',
    '50%',
    'a*',
    'a?',
    '[a]',
    'a\\b',
    '__proto__',
    'constructor',
    'a:b',
    ' ',
    'é',
    '漢',
    '😀',
    '\u{10ffff}',
  ])('takes %s as the text it is', (key) => {
    expect(requireKey(key)).toBe(key);
  });

  it.each([
    ['', 'not empty'],
    ['a\0b', 'control characters'],
    ['a\nb', 'control characters'],
    ['\u009f', 'control characters'],
    ['\ud800', 'well-formed'],
    ['x'.repeat(1_025), '1024 bytes'],
    ['漢'.repeat(342), '1024 bytes'],
    [undefined, 'a string'],
    [5, 'a string'],
    [Buffer.from('key'), 'a string'],
  ])('refuses %o', async (key, reason) => {
    const error = await failureOf(() => requireKey(key, { field: 'tag' }));
    expect(error).toMatchObject({ field: 'tag' });
    expect(String(error)).toContain(reason);
  });

  it('counts bytes and not characters', () => {
    expect(requireKey('漢'.repeat(341) + 'x')).toHaveLength(342);
    expect(requireKey('x'.repeat(1_024))).toHaveLength(1_024);
  });
});

describe('joinKey', () => {
  const part = fc.oneof(fc.string(), fc.stringMatching(/^[:%3A25ab]{0,6}$/));
  const parts = fc
    .tuple(part, fc.array(part, { maxLength: 4 }))
    .map(([first, rest]): [string, ...string[]] => [first, ...rest]);
  const roomy = { maxBytes: 10_000 };

  it('can be taken apart again, so that different parts never give the same key', () => {
    fc.assert(
      fc.property(parts, parts, (some, others) => {
        fc.pre(some.join('') !== '' || some.length > 1);
        fc.pre(others.join('') !== '' || others.length > 1);
        const key = joinKey(some, roomy);
        expect(splitKey(key)).toEqual(some);
        const same = some.length === others.length && some.every((value, index) => value === others[index]);
        expect(joinKey(others, roomy) === key).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves the usual parts readable', () => {
    expect(joinKey(['user', '42', 'profile'])).toBe('user:42:profile');
    expect(joinKey(['user', 'a:b', '50%'])).toBe('user:a%3Ab:50%25');
    expect(joinKey(['', ''])).toBe(':');
  });

  it('refuses parts that make no legal key', () => {
    expect(() => joinKey([''])).toThrow(InvalidArgument);
    expect(() => joinKey(['a', '\0'])).toThrow(InvalidArgument);
    expect(() => joinKey(['a', 'b'.repeat(2_000)], { field: 'topic' })).toThrow(/^topic must be/);
  });
});
