const reference = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]*);/giu;
/** Nobody means it: it has no meaning outside of a font. */
const between = '\uE000';

/**
 * A text with the characters that it calls by their names or numbers, `&copy;` for one. Two thousand names are known to the browser, which is
 * asked for nothing else: between the signs there are letters and digits alone.
 */
export function withCharacters(text: string): string {
  const names = text.match(reference);
  if (names === null) return text;
  // White space at the beginning would be lost.
  const asked = ['.', ...names].join(between);
  const found = new DOMParser().parseFromString(asked, 'text/html').body.textContent.split(between);
  if (found.length !== names.length + 1) return text;
  let at = 0;
  return text.replaceAll(reference, (name) => {
    at += 1;
    const character = found[at];
    // What is longer is not called by its whole name: `&notit;` is no character.
    return character === undefined || character.length > 2 ? name : character;
  });
}
