import { describe, expect, it } from 'vitest';
import { findUnsafe } from '../src/safe-json.ts';
import { nested } from './support.ts';

describe('a value from outside', () => {
  it('is let through when it is plain', () => {
    expect(findUnsafe({ a: [1, 'two', null, { b: true }] }, 4)).toBeUndefined();
    expect(findUnsafe('text', 1)).toBeUndefined();
    expect(findUnsafe(null, 1)).toBeUndefined();
  });

  it('may be nested as deep as allowed, and no deeper', () => {
    expect(findUnsafe(nested(5), 5)).toBeUndefined();
    expect(findUnsafe(nested(6), 5)).toEqual({
      path: ['down', 'down', 'down', 'down', 'down'],
      expected: 'be nested at most 5 levels deep',
    });
  });

  it('may be so deep that a recursive reader would fall over it', () => {
    const text = `${'['.repeat(60_000)}${']'.repeat(60_000)}`;
    expect(findUnsafe(JSON.parse(text), 20)).toMatchObject({ expected: 'be nested at most 20 levels deep' });
  });

  it('has no key that would change a prototype, wherever it stands', () => {
    expect(findUnsafe(JSON.parse('{"__proto__":{"admin":true}}'), 4)).toEqual({
      path: ['__proto__'],
      expected: 'be left away',
    });
    expect(findUnsafe(JSON.parse(String.raw`{"a":[{"\u005f_proto__":1}]}`), 4)).toMatchObject({
      path: ['a', 0, '__proto__'],
    });
  });

  it('has no text that a database would refuse or change', () => {
    expect(findUnsafe({ a: 'x\0' }, 4)).toEqual({ path: ['a'], expected: 'be without NUL characters' });
    expect(findUnsafe({ a: ['\uD83D'] }, 4)).toEqual({ path: ['a', 0], expected: 'be well-formed Unicode' });
    expect(findUnsafe({ 'a\0': 1 }, 4)).toMatchObject({ expected: 'be without NUL characters' });
    expect(findUnsafe({ a: '🚀' }, 4)).toBeUndefined();
  });
});
