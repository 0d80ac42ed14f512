import { unclear } from './unclear.ts';

const filters = ['from', 'in', 'before', 'after', 'has', 'is'] as const;
type Filter = (typeof filters)[number];

/** A part of a search, as far as its form tells what it is. */
export interface Part {
  /** As it stands in the search. */
  readonly written: string;
  readonly filter: Filter | undefined;
  /** Without the quotes and the name of the filter. */
  readonly value: string;
  readonly phrase: boolean;
}

/** What stands in quotes with what is joined to them, or what has no blanks in it. */
const piece = /(?<name>[a-z]+:)?"(?<phrase>[^"]*)(?<end>"\*?|$)|(?<word>[^\s"]+)/giu;

/** What a search is made of, in its order. */
export function partsOf(text: string): Part[] {
  // As keyboards of telephones write them.
  return Array.from(text.replaceAll(/[“”„«»]/gu, '"').matchAll(piece), ({ 0: written, groups = {} }) => {
    const { name, phrase, end, word } = groups;
    if (phrase === undefined) return ofWord(written, word ?? '');
    if (end === '') throw unclear(written, 'end with a quotation mark');
    const filter = filterOf(name?.slice(0, -1));
    // What is no filter belongs to what it stands in front of.
    const value = `${name === undefined || filter !== undefined ? '' : `${name} `}${phrase}${end === '"*' ? '*' : ''}`;
    return { written, filter, value, phrase: true };
  });
}

function ofWord(written: string, word: string): Part {
  const colon = word.indexOf(':');
  const filter = colon < 0 ? undefined : filterOf(word.slice(0, colon));
  return { written, filter, value: filter === undefined ? word : word.slice(colon + 1), phrase: false };
}

function filterOf(name: string | undefined): Filter | undefined {
  return filters.find((known) => known === name?.toLowerCase());
}
