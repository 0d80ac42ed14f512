import type { SearchTerm } from '@parley/hub-protocol/search';
import { describe, expect, it } from 'vitest';
import { Snippets } from '../../src/search/snippet.ts';

const word = (text: string) => ({ text, prefix: false });
/** What is marked stands in brackets. */
const shown = (content: string, ...terms: SearchTerm[]): string =>
  new Snippets(terms)
    .of(content)
    .map(({ text, marked }) => (marked ? `[${text}]` : text))
    .join('');

describe('a snippet', () => {
  it('marks every term, as it is written', () => {
    expect(shown('Déjà vu, deja VU!', word('deja'), word('vu'))).toBe('[Déjà] [vu], [deja] [VU]!');
    expect(shown('worlds and words', { text: 'wor', prefix: true })).toBe('[worlds] and [words]');
    expect(shown('the cat, the black cat', word('black cat'))).toBe('the cat, the [black cat]');
    expect(shown('in src/chat/send.ts', word('chat send'))).toBe('in src/[chat/send].ts');
    expect(shown('Straße 日本語 🚀up', word('strasse'), word('本'), word('up'))).toBe(
      '[Straße] 日[本]語 🚀[up]',
    );
  });

  it('marks what overlaps once, and no part of a word', () => {
    expect(shown('one two three', word('one two'), word('two three'))).toBe('[one two three]');
    expect(shown('concatenate', word('cat'))).toBe('concatenate');
  });

  it('is a piece of a long text around the first that was found', () => {
    const text = `${'before '.repeat(40)}needle ${'behind '.repeat(60)}`;
    const snippet = shown(text, word('needle'));
    expect(snippet).toMatch(/^…before .*\[needle\] behind.*…$/);
    expect(snippet.length).toBeLessThan(210);
  });

  it('never ends within a character', () => {
    const text = `${'🚀'.repeat(300)} needle ${'🚀'.repeat(300)}`;
    for (let blanks = 0; blanks < 3; blanks += 1)
      expect(shown(' '.repeat(blanks) + text, word('needle')).isWellFormed()).toBe(true);
  });

  it('is the beginning where nothing is to be marked, as of filters alone', () => {
    expect(shown('nothing to mark')).toBe('nothing to mark');
    expect(new Snippets([]).of('')).toEqual([]);
  });

  it('marks a phrase from its beginning, where a word of it alone is searched for as well', () => {
    expect(shown('one two three', word('three'), word('one two three'))).toBe('[one two three]');
    expect(shown('one two three', word('two'), word('one two'))).toBe('[one two] three');
  });

  it('costs as much of a text as it shows', () => {
    const long = 'needle in a haystack '.repeat(700);
    const snippets = new Snippets([word('needle')], 100_000);
    snippets.of(long);
    expect(snippets.left).toBeGreaterThan(99_000);
    const none = new Snippets([], 100_000);
    none.of(long);
    expect(none.left).toBe(100_000);
  });

  it('is the beginning where finding more would cost too much, and a page of texts costs so much in all', () => {
    const phrase = word('a '.repeat(13) + 'b');
    const text = `${'a '.repeat(7_000)}b`;
    const snippets = new Snippets(
      Array.from({ length: 16 }, () => phrase),
      100_000,
    );
    const cost = Array.from({ length: 5 }, () => {
      const before = snippets.left;
      expect(snippets.of(text)[0]).toEqual({ text: expect.stringMatching(/^a a .*…$/), marked: false });
      return before - snippets.left;
    });
    expect(cost[0]).toBeGreaterThan(99_000);
    for (const each of cost.slice(1)) expect(each).toBeLessThan(9_000);
    expect(snippets.of('here b is a b').length).toBe(1);
    expect(new Snippets([word('b')], 0).of('a b')).toContainEqual({ text: 'b', marked: true });
  });

  it('shows markup as the text that it is', () => {
    expect(new Snippets([word('bold')]).of('<b>bold</b>')).toEqual([
      { text: '<b>', marked: false },
      { text: 'bold', marked: true },
      { text: '</b>', marked: false },
    ]);
  });
});
