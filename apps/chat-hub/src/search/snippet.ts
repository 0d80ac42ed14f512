import type { Found } from '@parley/hub-protocol';
import type { SearchTerm } from '@parley/hub-protocol/search';
import { wordsOf, type Effort, type Word } from './fold.ts';

type Snippet = Found['snippet'];

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Characters of a snippet, and how many of them come before what was found. */
const length = 200;
const before = 60;
const more = '…';

/** What all snippets of a page may cost, and what each may in any case: long texts are made to be costly. */
const steps = 2_000_000;
const stepsOfEach = 8_000;

interface Wanted {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/** Shows texts by what was searched for. */
export class Snippets {
  readonly #wanted: readonly Wanted[];
  #left: number;

  constructor(terms: readonly SearchTerm[], left = steps) {
    this.#wanted = terms.flatMap(({ text, prefix }) => {
      const words = Array.from(wordsOf(text, { left: Infinity }), ({ folded }) => folded);
      return words.length === 0 ? [] : [{ words, prefix }];
    });
    this.#left = left;
  }

  /** What may still be spent. */
  get left(): number {
    return this.#left;
  }

  /** A piece of a text around the first of the terms that stands in it, with all that stand in the piece marked. */
  of(content: string): Snippet {
    const given = Math.max(this.#left, stepsOfEach);
    const effort = { left: given };
    const marks = this.#wanted.length === 0 ? [] : merged(this.#marksIn(content, effort));
    this.#left -= given - Math.max(effort.left, 0);
    return partsOf(content, marks);
  }

  /** No further than a snippet reaches. */
  #marksIn(content: string, effort: Effort): Range[] {
    const marks: Range[] = [];
    const words: Word[] = [];
    let end = Infinity;
    for (const word of wordsOf(content, effort)) {
      if (word.from > end) break;
      words.push(word);
      for (const wanted of this.#wanted) {
        const from = startOf(wanted, words, effort);
        if (from === undefined) continue;
        marks.push({ from, to: word.to });
        end = Math.min(end, from + length);
      }
    }
    return marks;
  }
}

/** Where what ends with the last of these words begins, if it is what is wanted. */
function startOf(
  { words: wanted, prefix }: Wanted,
  words: readonly Word[],
  effort: Effort,
): number | undefined {
  const first = words.length - wanted.length;
  for (let i = wanted.length - 1; i >= 0; i -= 1) {
    effort.left -= 1;
    const folded = words[first + i]?.folded;
    const want = wanted[i];
    if (folded === undefined || want === undefined) return undefined;
    const fits = prefix && i === wanted.length - 1 ? folded.startsWith(want) : folded === want;
    if (!fits) return undefined;
  }
  return words[first]?.from;
}

function partsOf(content: string, marks: readonly Range[]): Snippet {
  const piece = pieceAround(content, marks[0]?.from ?? 0);
  const parts: { text: string; marked: boolean }[] = [];
  const add = (text: string, marked = false): void => {
    if (text !== '') parts.push({ text, marked });
  };
  let at = piece.from;
  if (at > 0) add(more);
  for (const { from, to } of marks) {
    if (from >= piece.to) break;
    add(content.slice(at, from));
    at = Math.min(to, piece.to);
    add(content.slice(from, at), true);
  }
  add(content.slice(at, piece.to) + (piece.to < content.length ? more : ''));
  return parts;
}

function merged(ranges: readonly Range[]): Range[] {
  const apart: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
    const latest = apart.at(-1);
    if (latest === undefined || range.from >= latest.to) apart.push(range);
    else apart[apart.length - 1] = { from: latest.from, to: Math.max(latest.to, range.to) };
  }
  return apart;
}

/** Begins with a word where one begins nearby, and never in the middle of a character. */
function pieceAround(content: string, found: number): Range {
  const early = Math.max(0, found - before);
  const blank = early === 0 ? -1 : content.slice(early, found).search(/\s\S/u);
  const from = whole(content, blank < 0 ? early : early + blank + 1);
  return { from, to: whole(content, Math.min(content.length, from + length)) };
}

function whole(content: string, at: number): number {
  const code = content.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
