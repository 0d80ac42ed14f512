const mostCharacters = 3_000;
const mostLines = 40;
const slack = 1.3;

/** The beginning of a long text, cut where a line or a word ends; undefined of one that is not long. */
export function excerptOf(text: string): string | undefined {
  const end = Math.min(
    lineEnd(text, mostLines),
    text.length > mostCharacters * slack ? mostCharacters : Infinity,
  );
  if (end >= text.length) return undefined;
  const line = text.lastIndexOf('\n', end);
  if (line > end / 2) return text.slice(0, line);
  const word = text.lastIndexOf(' ', end);
  return text.slice(0, word > end / 2 ? word : end);
}

/** Where a text of many lines is cut; Infinity of one that has few. */
function lineEnd(text: string, most: number): number {
  let at = -1;
  for (let line = 0; line < most; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at < 0) return Infinity;
  }
  let rest = at;
  for (let line = 0; line < most * (slack - 1); line += 1) {
    rest = text.indexOf('\n', rest + 1);
    if (rest < 0) return Infinity;
  }
  return at;
}
