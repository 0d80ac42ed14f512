import { expect, test } from 'vitest';
import { excerptOf } from '../../../web/src/markdown/excerpt.ts';
import { isHarmless } from '../../../web/src/markdown/guard.ts';
import { withoutMarks } from '../../../web/src/markdown/without-marks.ts';
import { isEmojiOnly, isPlain } from '../../../web/src/markdown/plain.ts';

test.each(['Good morning', 'It costs 3 - 2.50, right?', 'שלום', 'one\ntwo', 'a - b', '🎉'])(
  '%j needs no Markdown',
  (text) => {
    expect(isPlain(text)).toBe(true);
  },
);

test.each([
  '*a*',
  '_a_',
  '`a`',
  '~a~',
  '# a',
  '> a',
  '[a](b)',
  'a | b',
  '<b>',
  'a &amp; b',
  '\\*',
  '@ann',
  '#plans',
  '1. a',
  'a\n2) b',
  '- a',
  'a\n---',
  'a\n-',
  'a\n===',
  'a\n\nb',
  '    a',
  'a\n    b',
  'https://a.example',
  'www.a.example',
])('%j is read as Markdown', (text) => {
  expect(isPlain(text)).toBe(false);
});

test.each(['🎉', '🎉🚀', '👍🏽', '👩‍👩‍👧‍👦 ❤️', '🇩🇪', '1️⃣'])('%s is emoji alone', (text) => {
  expect(isEmojiOnly(text)).toBe(true);
});

test.each(['', ' ', '1', 'ok 🎉', '#', '🎉'.repeat(11)])('%j is not', (text) => {
  expect(isEmojiOnly(text)).toBe(false);
});

test.each([
  ['**48,112** messages, _none_ twice', '48,112 messages, none twice'],
  ['# Plan\n\n- one\n- two', 'Plan one two'],
  ['> said\n~~no~~ `yes`', 'said no yes'],
  ['```ts\nconst a = 1;\n```', 'const a = 1;'],
  ['see [the notes](https://example.com/a_b) ![a plot](x.png)', 'see the notes a plot'],
  ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
  ['', ''],
])('%j in one line is %j', (text, line) => {
  expect(withoutMarks(text)).toBe(line);
});

test('long texts are cut where a line or a word ends', () => {
  expect(excerptOf('short')).toBeUndefined();
  expect(excerptOf('x'.repeat(3_500))).toBeUndefined();
  expect(excerptOf('x'.repeat(16_000))).toHaveLength(3_000);
  const words = 'word '.repeat(2_000);
  expect(words.startsWith(`${excerptOf(words) ?? ''} `)).toBe(true);
  expect(excerptOf('line\n'.repeat(45))).toBeUndefined();
  expect(excerptOf('line\n'.repeat(200))?.split('\n')).toHaveLength(40);
});

test.each(['a_*', '_a', '@x@x', '* - + ', '>', '> - ', '[', '![a](', '1. ', 'a.'])(
  '%j without end is not read as Markdown',
  (part) => {
    expect(isHarmless(part.repeat(16_000 / part.length))).toBe(false);
  },
);

test.each([
  '**bold** and `code` with [a link](https://a.example)\n\n'.repeat(300),
  `\`\`\`c\n${'snake_case_name = *pointer;\n'.repeat(500)}\`\`\``,
  '- one\n  - two\n    - three\n'.repeat(100),
  '> > > quotes',
  `| a |\n|---|\n${'| b |\n'.repeat(500)}`,
])('%.40j is', (text) => {
  expect(isHarmless(text)).toBe(true);
});
