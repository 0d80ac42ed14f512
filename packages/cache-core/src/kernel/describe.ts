const longest = 64;

/** A short, printable, single-line account of any value, for error messages: control characters are escaped, long text is cut. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return quoted(cut(redact(value), longest));
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' ? 'an object' : typeof value;
}

/** JSON leaves the upper control characters as they are, and the separators that some take for the end of a line. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text without the passwords that drivers like to put into their messages: credentials in URLs and in query strings. */
export function redact(text: string): string {
  return text
    .replace(/(\/\/)[^\s/@]*@/g, '$1***@')
    .replace(/\b((?:password|passwd|pwd|secret|token|api_?key)=)[^&\s]+/gi, '$1***');
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}... (${text.length} characters)`;
}
