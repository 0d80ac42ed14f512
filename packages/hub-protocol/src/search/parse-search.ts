import { idSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { instantOf, type Span } from './moments.ts';
import { partsOf, type Part } from './parts.ts';
import { unclear } from './unclear.ts';

/** What a message may have, as it is written behind `has:`. */
export const searchMarks = ['code', 'file', 'link', 'mention', 'pin'] as const;
export type SearchMark = (typeof searchMarks)[number];

/** What a message may be, as it is written behind `is:`. */
export const searchForms = ['thread', 'thought', 'action'] as const;
export type SearchForm = (typeof searchForms)[number];

export interface SearchTerm {
  /** One word, or several that stand in a row. */
  readonly text: string;
  /** Whether the last word may go on. */
  readonly prefix: boolean;
}

/** What a search asks for: all of it must be true of a message. */
export interface Search {
  readonly terms: readonly SearchTerm[];
  /** A handle, an id, or `me`. */
  readonly from?: string;
  /** The name of a channel, its id, or `@` and the handle of whom one talks with. */
  readonly in?: string;
  /** Milliseconds since 1970: sent before it. */
  readonly before?: number;
  /** Sent at it or later. */
  readonly after?: number;
  readonly has: readonly SearchMark[];
  readonly is: readonly SearchForm[];
}

type Draft = { -readonly [K in keyof Search]: Search[K] };

/** A name, by which a user or a channel is called, or an id. */
const called = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;

/**
 * Reads a search as people write it: words, `"words in a row"`, `wor*`, and `from:`, `in:`, `before:`, `after:`, `has:`, `is:`.
 *
 * @throws {HubError} `INVALID`, with the part that cannot be understood
 */
export function parseSearch(text: string): Search {
  const search: Draft = { terms: [], has: [], is: [] };
  const parts = partsOf(text);
  if (parts.length === 0) throw unclear('query', 'ask for something');
  if (parts.length > limits.searchParts) throw unclear('query', `have at most ${limits.searchParts} parts`);
  for (const part of parts) take(search, part);
  return search;
}

function take(search: Draft, part: Part): void {
  const { written, filter, value } = part;
  switch (filter) {
    case undefined:
      search.terms = [...search.terms, termOf(part)];
      break;
    case 'from':
      once(search.from, part);
      search.from = nameIn(part, '@', 'name somebody, like from:ann or from:me').toLowerCase();
      break;
    case 'in':
      once(search.in, part);
      search.in = value.startsWith('@')
        ? `@${nameIn(part, '@', 'name a channel, like in:general, or somebody, like in:@ann').toLowerCase()}`
        : nameIn(part, '#', 'name a channel, like in:general, or somebody, like in:@ann').toLowerCase();
      break;
    case 'before':
      once(search.before, part);
      search.before = spanIn(part).from;
      break;
    case 'after':
      once(search.after, part);
      search.after = spanIn(part).to;
      break;
    case 'has':
      search.has = [...search.has, oneOf(searchMarks, part)];
      break;
    case 'is':
      search.is = [...search.is, oneOf(searchForms, part)];
      break;
    default:
      throw unclear(written, 'be a part of a search');
  }
}

function termOf({ written, value, phrase }: Part): SearchTerm {
  const prefix = value.endsWith('*');
  const text = prefix ? value.slice(0, -1) : value;
  // Who leaves something out elsewhere would be shown just that. Options of programs have two of them.
  if (!phrase && /^-[^-]/u.test(value)) throw unclear(written, 'begin without a minus, or stand in quotes');
  if (!/[\p{L}\p{N}]/u.test(text)) throw unclear(written, 'have a letter or a digit in it');
  // What begins with one letter is nearly everything. Signs that stand above or below letters belong to them.
  if (prefix && !/(?:[\p{L}\p{N}]\p{M}*){2}$/u.test(text))
    throw unclear(written, 'have two letters or digits in front of its *');
  if (!phrase && text.includes('*')) throw unclear(written, 'have its * at the end');
  return { text, prefix };
}

function once(before: unknown, { written, filter }: Part): void {
  if (before !== undefined) throw unclear(written, `be the only ${filter}:`);
}

function nameIn({ written, value }: Part, sign: string, expected: string): string {
  const name = value.startsWith(sign) ? value.slice(1) : value;
  if (called.test(name) || idSchema.safeParse(name).success) return name;
  throw unclear(written, expected);
}

function spanIn({ written, value }: Part): Span {
  const span = instantOf(value);
  if (span !== undefined) return span;
  throw unclear(written, 'name a day or a moment, like 2026-01-31 or 2026-01-31T09:30Z');
}

function oneOf<Word extends string>(words: readonly Word[], { written, value, filter }: Part): Word {
  const word = words.find((known) => known === value.toLowerCase());
  if (word !== undefined) return word;
  throw unclear(written, `be one of ${words.map((known) => `${filter}:${known}`).join(', ')}`);
}
