/**
 * What a terminal would obey instead of showing it: control characters (but for the end of a line and the tabulator) and marks that turn the
 * direction of writing. Messages are written by others, and one must not be able to rewrite the screen of whoever reads it.
 */
const obeyed = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

const escaped = (sign: string): string => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

export function safeText(text: string): string {
  return text.replaceAll(obeyed, escaped);
}

/** For places that have one line only. */
export function safeLine(text: string): string {
  return safeText(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('\t', ' ');
}

/** JSON that means the same and is as harmless to look at. */
export function safeJson(value: unknown, indent?: number): string {
  return safeText(JSON.stringify(value, null, indent));
}
