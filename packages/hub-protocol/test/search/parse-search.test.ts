import { isHubError } from '@parley/hub-protocol';
import { parseSearch } from '@parley/hub-protocol/search';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal } from '../support.ts';

const day = 86_400_000;
const january = Date.UTC(2026, 0, 31);

describe('a search', () => {
  it('is made of words, words in a row, and beginnings of words', () => {
    expect(parseSearch(' hello  "good morning" wor* "so long fare*" ')).toEqual({
      terms: [
        { text: 'hello', prefix: false },
        { text: 'good morning', prefix: false },
        { text: 'wor', prefix: true },
        { text: 'so long fare', prefix: true },
      ],
      has: [],
      is: [],
    });
    expect(parseSearch('"good mor"* “curly ones”').terms).toEqual([
      { text: 'good mor', prefix: true },
      { text: 'curly ones', prefix: false },
    ]);
  });

  it('takes filters, in any case of letters and with or without their signs', () => {
    expect(parseSearch('FROM:@Ann in:#general has:link has:Code is:thread deploy')).toEqual({
      terms: [{ text: 'deploy', prefix: false }],
      from: 'ann',
      in: 'general',
      has: ['link', 'code'],
      is: ['thread'],
    });
    expect(parseSearch('in:@Bob from:me')).toMatchObject({ in: '@bob', from: 'me' });
    expect(parseSearch('from:"ann" in:"general"')).toMatchObject({ from: 'ann', in: 'general' });
    expect(parseSearch('in:General')).toMatchObject({ in: 'general' });
    expect(parseSearch('has:file')).toMatchObject({ has: ['file'] });
  });

  it('takes signs above and below letters for parts of them', () => {
    for (const text of ['हिन्दी', 'cafe\u0301', 'ไทย', 'தமிழ்'])
      expect(parseSearch(`${text}*`).terms).toEqual([{ text, prefix: true }]);
  });

  it('has words that begin with a minus only in quotes, and options of programs', () => {
    expect(parseSearch('"-5 degrees" --force').terms).toEqual([
      { text: '-5 degrees', prefix: false },
      { text: '--force', prefix: false },
    ]);
  });

  it('ends before a day, and begins behind one', () => {
    expect(parseSearch('before:2026-01-31')).toMatchObject({ before: january });
    expect(parseSearch('after:2026-01-31')).toMatchObject({ after: january + day });
    expect(parseSearch('after:2026-01-31T09:30+01:00')).toMatchObject({ after: january + 8.5 * 3_600_000 });
  });

  it('leaves words with a colon alone that are no filters', () => {
    expect(parseSearch('https://example.org error:404').terms.map(({ text }) => text)).toEqual([
      'https://example.org',
      'error:404',
    ]);
    expect(parseSearch('title:"two words"').terms).toEqual([{ text: 'title: two words', prefix: false }]);
  });
});

it.each([
  ['', 'query must ask for something'],
  ['  ', 'query must ask for something'],
  ['!!!', 'query: `!!!` must have a letter or a digit in it'],
  ['hello "good', 'query: `"good` must end with a quotation mark'],
  ['a*', 'query: `a*` must have two letters or digits in front of its *'],
  ['e\u0301*', 'query: `e\u0301*` must have two letters or digits in front of its *'],
  ['-foo', 'query: `-foo` must begin without a minus, or stand in quotes'],
  ['-from:ann', 'query: `-from:ann` must begin without a minus, or stand in quotes'],
  ['a*b', 'query: `a*b` must have its * at the end'],
  ['from:', 'query: `from:` must name somebody, like from:ann or from:me'],
  ['in:#', 'query: `in:#` must name a channel, like in:general, or somebody, like in:@ann'],
  ['from:ann from:bob', 'query: `from:bob` must be the only from:'],
  ['before:soon', 'query: `before:soon` must name a day or a moment, like 2026-01-31 or 2026-01-31T09:30Z'],
  [
    'after:2026-02-30',
    'query: `after:2026-02-30` must name a day or a moment, like 2026-01-31 or 2026-01-31T09:30Z',
  ],
  [
    'after:2026-02-30T09:30Z',
    'query: `after:2026-02-30T09:30Z` must name a day or a moment, like 2026-01-31 or 2026-01-31T09:30Z',
  ],
  ['has:magic', 'query: `has:magic` must be one of has:code, has:file, has:link, has:mention, has:pin'],
  ['is:odd', 'query: `is:odd` must be one of is:thread, is:thought, is:action'],
  ['a '.repeat(17), 'query must have at most 16 parts'],
])('%j is refused with the part that is at fault', (query, message) => {
  const error = refusal(() => parseSearch(query));
  expect([error.code, error.field, error.message]).toEqual(['INVALID', 'query', message]);
});

/** What was read, or how it was refused. */
function outcomeOf(query: string): unknown {
  try {
    return parseSearch(query).terms.every(({ text }) => /[\p{L}\p{N}]/u.test(text)) ? 'read' : 'empty term';
  } catch (error) {
    return isHubError(error, 'INVALID') && error.field === 'query' ? 'refused' : error;
  }
}

it('whatever is written is read or refused', () => {
  const word = fc.constantFrom(
    'a',
    'wor*',
    '"',
    '“',
    'from:',
    'in:@',
    'has:',
    ':',
    ' ',
    '*',
    '日本',
    '2026-01-31',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join('')),
      ),
      (query) => {
        expect(['read', 'refused']).toContain(outcomeOf(query));
      },
    ),
  );
});
