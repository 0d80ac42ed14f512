import { describe, expect, it } from 'vitest';
import { matcher } from '../src/pattern.ts';
import { failureOf } from './support.ts';

describe('a pattern', () => {
  it.each([
    ['room', 'room', true],
    ['room', 'rooms', false],
    ['room', 'a room', false],
    ['room:*', 'room:1', true],
    ['room:*', 'room:', true],
    ['room:*', 'room:1:typing', false],
    ['room:*', 'room:1/2', false],
    ['room:**', 'room:1:typing/now', true],
    ['room:**', 'room:', true],
    ['**:typing', 'room:1:typing', true],
    ['**:typing', 'room:1:typing:x', false],
    ['*:*', 'a:b', true],
    ['*:*', 'a:b:c', false],
    ['*a*:**z*', 'bab:c/d:xzy', true],
    ['*a*:**z*', 'bab:c/d:xz:y', false],
    ['***', 'a:b', true],
    ['?', 'a', true],
    ['?', '', false],
    ['?', '🜁', true],
    ['a?c', 'a\nc', true],
    ['*', 'line\nbreak', true],
    ['', 'x', 'INVALID_ARGUMENT pattern'],
    ['x'.repeat(513), 'x', 'INVALID_ARGUMENT pattern'],
  ])('%j, asked about %j, says %j', async (pattern, name, answer) => {
    if (typeof answer === 'string') {
      // oxlint-disable-next-line vitest/no-conditional-expect
      expect(await failureOf(() => matcher(pattern))).toBe(answer);
      return;
    }
    expect(matcher(pattern)(name)).toBe(answer);
  });

  it('takes every sign of regular expressions, globs and SQL for itself', () => {
    for (const sign of '\\^$.|+()[]{}-%_,!~#&"\'`<>=;\u{1f701}') {
      const asked = matcher(`a${sign}b`);
      expect(asked(`a${sign}b`)).toBe(true);
      for (const other of ['ab', 'axb', 'aab', `a${sign}${sign}b`, `a${sign}`])
        expect(asked(other)).toBe(false);
    }
    expect(matcher('[a-z]')('b')).toBe(false);
    expect(matcher('(a+)+$')('aaa')).toBe(false);
    expect(matcher('a|b')('a')).toBe(false);
    expect(matcher('\\d')('1')).toBe(false);
  });

  it.each(['*a', '**a', '*a**a', 'a*', '?*', '**?'])(
    'made of many %j takes no longer for names that nearly match than the square of their length allows',
    (part) => {
      const asked = matcher(`${part.repeat(512 / part.length - 1)}b`);
      const startedAt = performance.now();
      expect(asked('a'.repeat(512))).toBe(false);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    },
  );
});
