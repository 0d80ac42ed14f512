import { expect, test } from 'vitest';
import { isPersistent, renderConfig, unquoted } from '../src/redis-config.ts';

test('directives and users become lines, an empty value two quotes', () => {
  expect(renderConfig({ save: '', maxmemory: '2mb' }, ['alice on nopass'])).toBe(
    'save ""\nmaxmemory 2mb\nuser alice on nopass\n',
  );
});

test('a value cannot smuggle in another directive', () => {
  expect(() => renderConfig({ maxmemory: '2mb\nbind 0.0.0.0' })).toThrow(/one line/);
});

test('persistence is what writes to disk without being asked', () => {
  expect(isPersistent({})).toBe(false);
  expect(isPersistent({ save: '""', appendonly: 'no' })).toBe(false);
  expect(isPersistent({ save: '900 1' })).toBe(true);
  expect(isPersistent({ appendonly: 'yes' })).toBe(true);
});

test('a quoted value is read as the server reads it', () => {
  expect(unquoted('plain')).toBe('plain');
  expect(unquoted('"a \\"b\\""')).toBe('a "b"');
});
