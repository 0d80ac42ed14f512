/** What stands in the text of each message: of which run it is, and which of its messages. */
export interface Mark {
  readonly run: number;

  /** Counted from 0. */
  readonly number: number;
}

/** Written the same in JSON as in a plain text, and nothing else that is sent has it. */
const marker = '~fan~';
const runLength = 4;
const numberLength = 8;
const filler = 'the quick brown fox jumps over the lazy dog and ';

/** A text of so many characters. */
export function contentOf({ run, number }: Mark, length: number): string {
  const head = `${marker}${digits(run, runLength)}${digits(number, numberLength)} `;
  // A text does not end with a blank: whoever trims it would change it.
  return `${head}${filler.repeat(Math.ceil(length / filler.length))}`.slice(0, length - 1) + '.';
}

/** Of a line that is sent; undefined where it is no message. */
export function markIn(line: string): Mark | undefined {
  const found = line.indexOf(marker);
  if (found === -1) return undefined;
  const at = found + marker.length;
  const run = Number.parseInt(line.slice(at, at + runLength), 36);
  const number = Number.parseInt(line.slice(at + runLength, at + runLength + numberLength), 36);
  return { run, number };
}

function digits(value: number, length: number): string {
  return value.toString(36).padStart(length, '0');
}
