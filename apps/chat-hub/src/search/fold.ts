/** Accents, and what joins characters without being one. */
const joined =
  /(?:\u00ad|[\u0300-\u036f]|[\u0483-\u0487]|[\u1ab0-\u1aff]|[\u1dc0-\u1dff]|[\u200b-\u200d]|\u2060|[\u20d0-\u20ff]|\u3099|\u309a|[\ufe00-\ufe0f]|[\ufe20-\ufe2f]|\ufeff)+/gu;
const special: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 't',
  œ: 'o',
  ı: 'i',
  ς: 'σ',
};
/** Between these stands nothing: each is a word. */
const alone =
  /[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const ofWords = /[\p{L}\p{N}\p{M}]/u;

/** A word of a text: folded as `hub.fold` does it, and where it stands, in UTF-16 as strings count. */
export interface Word {
  readonly folded: string;
  readonly from: number;
  readonly to: number;
}

/** What may still be spent on looking through texts: a step for each character, each sign that it is made of, and each comparison. */
export interface Effort {
  left: number;
}

/** The words of a text as they are compared, as far as the effort reaches. */
export function* wordsOf(text: string, effort: Effort): Generator<Word, void> {
  let open: { folded: string; from: number; to: number } | undefined;
  let at = 0;
  for (const character of text) {
    const signs = signsOf(character);
    effort.left -= 1 + signs.length;
    if (effort.left < 0) break;
    const to = at + character.length;
    for (const { folded, kind } of signs) {
      if (kind === 'part') {
        if (open === undefined) open = { folded, from: at, to };
        else {
          open.folded += folded;
          open.to = to;
        }
        continue;
      }
      if (open !== undefined) yield open;
      open = undefined;
      if (kind === 'word') yield { folded, from: at, to };
    }
    at = to;
  }
  // Of a word that was not read to its end nobody knows what it is.
  if (open !== undefined && effort.left >= 0) yield open;
}

interface Sign {
  readonly folded: string;
  readonly kind: 'part' | 'word' | 'between';
}

/** Texts are made of few characters, and to fold one takes a hundred times as long as to look it up. */
const known = new Map<string, readonly Sign[]>();
const mostKnown = 10_000;

/** What a character is compared as: one, several or none. */
function signsOf(character: string): readonly Sign[] {
  const before = known.get(character);
  if (before !== undefined) return before;
  const plain = character.normalize('NFKD').replaceAll(joined, '').toLowerCase();
  const signs = Array.from(special[plain] ?? plain, (folded) => ({ folded, kind: kindOf(folded) }));
  if (known.size >= mostKnown) known.clear();
  known.set(character, signs);
  return signs;
}

function kindOf(folded: string): Sign['kind'] {
  if (!ofWords.test(folded)) return 'between';
  return alone.test(folded) ? 'word' : 'part';
}
