import { describe, expect, test } from 'vitest';
import { mentionsIn } from '../../src/chat/mentions.ts';

const people = new Map([
  ['coder', 'u-coder'],
  ['backend-architect', 'u-architect'],
  ['v2.0', 'u-v2'],
  ['dot.', 'u-dot'],
]);

const of = (content: string): unknown => {
  const { users, roles, here } = mentionsIn(content, {
    userOf: (handle) => people.get(handle),
    roles: ['admin'],
  });
  return [...users, ...roles, ...(here ? ['here'] : [])];
};

describe('a text mentions', () => {
  test.each([
    ['@coder', ['u-coder']],
    ['hello @Coder, hello @backend-architect!', ['u-coder', 'u-architect']],
    ['(@coder)', ['u-coder']],
    ['ask @coder.', ['u-coder']],
    ['is @v2.0 there? @v2.0.', ['u-v2']],
    ['@dot.', ['u-dot']],
    ['@here @admin', ['admin', 'here']],
    ['@coder @coder', ['u-coder']],
    ['çava @coder', ['u-coder']],
  ])('%s', (content, expected) => expect(of(content)).toEqual(expected));
});

describe('a text does not mention', () => {
  test.each([
    ['@Cod', 'the beginning of a name'],
    ['@coders', 'more than a name'],
    ['mail@coder', 'an address'],
    ['é@coder', 'a word that goes on'],
    ['@@coder', 'something else'],
    ['https://example.org/@coder', 'a link'],
    ['`@coder` and ```\n@coder\n``` and ```@coder', 'code'],
    ['@nobody', 'who is not there'],
    ['', 'anybody'],
  ])('%s (%s)', (content) => expect(of(content)).toEqual([]));

  test('anything slowly, however it is written', () => {
    expect(of('@'.repeat(16_000))).toEqual([]);
    expect(of('@a.'.repeat(5_000))).toEqual([]);
    expect(of('`'.repeat(16_000))).toEqual([]);
    expect(of(`@${'-'.repeat(15_999)}`)).toEqual([]);
  });
});
