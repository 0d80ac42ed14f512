/** One of an array, and the line of the file in which it begins. */
export interface Element {
  readonly line: number;
  readonly text: string;
}

/**
 * The objects of a JSON array, one by one and as text. What is broken in one of them does not hide the others: after it, the next is looked for where a
 * line begins as the lines of objects began before. Texts that are broken everywhere are gone through a few times, not once for each place.
 */
export function* elementsOf(text: string): Generator<Element> {
  const begin = /^[ \t]*\{/m.exec(text);
  let at = text.indexOf('{');
  const indent = begin === null ? '' : begin[0];
  const lines = new Lines(text);
  let budget = text.length * 8;
  while (at >= 0) {
    // The beginning of a line that looks like that of an object, within what seems to be one, may be the next one.
    const found = indent === '' ? -1 : text.indexOf(`\n${indent}`, at);
    const next = found < 0 ? text.length : found;
    const until = budget > 0 ? text.length : next;
    const end = endOf(text, at, until);
    budget -= (end ?? until) - at;
    const stop = end === undefined || !isJson(text.slice(at, end)) ? next : end;
    yield { line: lines.at(at), text: text.slice(at, stop).trim() };
    at = text.indexOf('{', stop);
  }
}

/** Behind the brace that closes the object; undefined: none does. */
function endOf(text: string, from: number, until: number): number | undefined {
  let depth = 0;
  let inText = false;
  for (let at = from; at < until; at += 1) {
    const sign = text[at];
    if (inText) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inText = false;
    } else if (sign === '"') inText = true;
    else if (sign === '{') depth += 1;
    else if (sign === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Counts lines as far as it was asked. */
class Lines {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  /** @param at not before the place that was asked for last */
  at(at: number): number {
    for (
      let end = this.#text.indexOf('\n', this.#at);
      end >= 0 && end < at;
      end = this.#text.indexOf('\n', this.#at)
    ) {
      this.#at = end + 1;
      this.#line += 1;
    }
    return this.#line;
  }
}
