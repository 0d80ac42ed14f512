/**
 * How well something that was typed fits a text: all its characters are in it, in their order; undefined: they are not. Beginnings of words and
 * characters in a row count more, and of two that fit alike the shorter one.
 */
export function fuzzy(typed: string, text: string): number | undefined {
  const query = fold(typed);
  if (query === '') return 0;
  const whole = fold(text);
  const direct = whole.indexOf(query);
  if (direct === 0) return 1_000 - whole.length;
  if (direct > 0) return (isStart(whole, direct) ? 800 : 600) - direct - whole.length / 100;
  let score = 0;
  let at = -1;
  let initials = true;
  for (const sign of query) {
    if (sign === ' ') continue;
    const next = nextOf(whole, sign, at + 1);
    if (next < 0) return undefined;
    initials &&= isStart(whole, next);
    score += next === at + 1 ? 8 : isStart(whole, next) ? 10 : 1;
    at = next;
  }
  return score + (initials ? 700 : 0) - whole.length / 100;
}

/** The beginning of a word is what somebody means, if there is one. */
function nextOf(whole: string, sign: string, from: number): number {
  const first = whole.indexOf(sign, from);
  if (first < 0 || first === from) return first;
  for (let at = first; at >= 0; at = whole.indexOf(sign, at + 1)) if (isStart(whole, at)) return at;
  return first;
}

const isStart = (whole: string, at: number): boolean => at === 0 || /[\s\-_.,/]/u.test(whole[at - 1] ?? '');

/** Without marks over letters: they are seldom typed. */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
