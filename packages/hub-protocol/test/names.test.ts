import { channelNameSchema, checkSent, handleSchema, idSchema, reservedHandles } from '@parley/hub-protocol';
import { describe, expect, it } from 'vitest';
import { emojiSchema } from '../src/names.ts';
import { idOf, refusal } from './support.ts';

describe('a handle', () => {
  it.each(['backend-architect', 'qa_lead', 'v2.0', 'a1', 'x'.repeat(32)])('may be %s', (handle) => {
    expect(checkSent(handleSchema, handle)).toBe(handle);
  });

  it.each(['a', 'x'.repeat(33), 'Coder', 'bob.', '-bob', 'b ob', 'ängel', '', 'a\nb', 'bob\n'])(
    'may not be %j',
    (handle) => {
      expect(refusal(() => checkSent(handleSchema, handle)).code).toBe('INVALID');
    },
  );

  it.each(reservedHandles)('may not be %s, which means something in a mention', (handle) => {
    expect(refusal(() => checkSent(handleSchema, handle)).message).toContain('reserved');
  });
});

it.each(['general', 'q3-planning', '2026_review'])('a channel may be called %s', (name) => {
  expect(checkSent(channelNameSchema, name)).toBe(name);
});

it.each(['', '#general', 'General', 'two words', '-x', 'x'.repeat(81), 'general\n'])(
  'a channel may not be called %j',
  (name) => {
    expect(refusal(() => checkSent(channelNameSchema, name)).code).toBe('INVALID');
  },
);

it.each(['👍', ':shipit:', '👩‍👩‍👧‍👦', '...'])('one may react with %s', (emoji) => {
  expect(checkSent(emojiSchema, emoji)).toBe(emoji);
});

it.each(['', ' ', 'a b', '.', '..'])('one may not react with %j', (emoji) => {
  expect(refusal(() => checkSent(emojiSchema, emoji)).code).toBe('INVALID');
});

it('an id is a UUID of version 7 in one spelling', () => {
  expect(checkSent(idSchema, idOf(1))).toBe(idOf(1));
  const others = [
    idOf(1).toUpperCase(),
    '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
    'x',
    `${idOf(1)}
`,
  ];
  for (const id of others) expect(refusal(() => checkSent(idSchema, id)).code).toBe('INVALID');
});
