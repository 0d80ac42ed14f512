/// <reference lib="dom" />
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { renderMarkdown } from '../../../web/src/markdown/markdown.ts';
import type { Known } from '../../../web/src/markdown/known.ts';
import { hostile, mixed } from './hostile.ts';
import { strangeIn, type Made } from './strange.ts';

const known: Known = {
  users: new Map([
    ['ann', 'user-1'],
    ['bob', 'user-2'],
  ]),
  many: new Set(['here', 'members']),
  channel: (name) => (name === 'design' || name === 'hostile' ? `id of ${name}` : undefined),
  me: 'user-1',
  meAmong: (word) => word === 'here',
};

beforeAll(() => {
  vi.stubGlobal('location', { origin: 'https://hub.example' });
  // Some of what a browser knows; a browser is asked in the tests of messages.
  const names: Readonly<Record<string, string>> = {
    lt: '<',
    gt: '>',
    colon: ':',
    quot: '"',
    amp: '&',
    '#65': 'A',
    '#x42': 'B',
    '#xD800': '\uFFFD',
  };
  class Parser {
    parseFromString(text: string) {
      return {
        body: { textContent: text.replaceAll(/&(#?\w+);/gu, (all, name: string) => names[name] ?? all) },
      };
    }
  }
  vi.stubGlobal('DOMParser', Parser);
});
afterAll(() => void vi.unstubAllGlobals());

const htmlNames: Readonly<Record<string, string>> = { className: 'class', tabIndex: 'tabindex' };

/** The elements in what React is given, and the texts between them. */
function* partsOf(node: unknown): Generator<Made | string> {
  if (Array.isArray(node)) for (const one of node) yield* partsOf(one);
  else if (typeof node === 'string') yield node;
  else if (typeof node === 'object' && node !== null) {
    const type: unknown = Reflect.get(node, 'type');
    const props: unknown = Reflect.get(node, 'props');
    if (typeof props !== 'object' || props === null) throw new Error('what is no element is no text either');
    const { children, ...attributes } = { children: undefined, ...props };
    if (typeof type === 'string')
      yield [
        type,
        Object.entries(attributes)
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [htmlNames[name] ?? name, String(value)]),
      ];
    yield* partsOf(children);
  } else if (node !== false && node !== undefined) throw new Error(`unexpected: ${JSON.stringify(node)}`);
}

const elementsIn = (text: string): Made[] =>
  [...partsOf(renderMarkdown(text, known))].filter((part) => typeof part !== 'string');
const textOf = (text: string): string =>
  [...partsOf(renderMarkdown(text, known))].filter((part) => typeof part === 'string').join('');
/** Where one gets by following and pressing what is in a text. */
const waysIn = (text: string): string[] =>
  elementsIn(text).flatMap(([tag, attributes]) =>
    attributes.flatMap(([name, value]) =>
      name === 'href' || name === 'data-user' ? [`${tag} ${value}`] : [],
    ),
  );

test.each(hostile.map((text) => [text] as const))(
  '%.60j becomes nothing but what a message is made of',
  (text) => {
    expect(elementsIn(text).flatMap(strangeIn)).toEqual([]);
  },
);

test('no mixture of hostile texts becomes anything else', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(mixed, (text) => {
      expect(elementsIn(text).flatMap(strangeIn)).toEqual([]);
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](<java\tscript:alert(1)>)',
  '[x](data:text/html,x) [x](vbscript:x) [x](blob:x) [x](file:///x) [x](about:blank)',
  '[x](//evil.example) [x](/api) [x](../x)',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '[x][ref]\n\n[ref]: javascript:alert(1)',
])('%j leads nowhere', (text) => {
  expect(waysIn(text)).toEqual([]);
});

test('what is written as HTML is text', () => {
  const text = '<b>bold</b> <img src="x" onerror="alert(1)"> <!-- note -->';
  expect(textOf(text)).toBe(text);
  expect(elementsIn(text).map(([tag]) => tag)).toEqual(['p']);
});

test('in a link there is nothing else to follow or to press', () => {
  const target = 'https://a.example/';
  expect(waysIn(`[see @ann in #design](${target}) @ann #design`)).toEqual([
    `a ${target}`,
    'button user-1',
    'a #/c/id%20of%20design',
  ]);
  expect(waysIn(`[![a badge](https://b.example/b.svg)](${target})`)).toEqual([`a ${target}`]);
  // Where the address is none, there is no link around them.
  expect(waysIn('[see @ann in #design](nowhere)')).toEqual(['button user-1', 'a #/c/id%20of%20design']);
});

test('characters can be called by their names and numbers, and code cannot', () => {
  expect(textOf('&lt;b&gt; &#65;&#x42; a&amp;b')).toBe('<b> AB a&b');
  expect(textOf('&nobody; &lt &#xD800; \\&lt;')).toBe('&nobody; &lt \uFFFD &lt;');
  expect(textOf('`&lt;`')).toBe('&lt;');
  expect(textOf('https://a.example/?a&lt;=1')).toBe('https://a.example/?a&lt;=1');
});
