/** What stands in the text of each message: of which run it is, which message, and when it was due. */
export interface Mark {
  /** Counted from 1, over all who send. */
  readonly number: number;
  /** By the clock of the machine, in milliseconds. */
  readonly due: number;
}

const numberLength = 8;
const dueLength = 10;
const filler = 'the quick brown fox jumps over the lazy dog and ';

/** Begins the mark of a run. Nothing in it is written otherwise in JSON. */
export function markerOf(run: string): string {
  return `~${run}~`;
}

/** A text of so many characters, or as many as the mark takes. */
export function contentOf(marker: string, { number, due }: Mark, length: number): string {
  const head = `${marker}${digits(number, numberLength)}${digits(Math.round(due * 1_000), dueLength)} `;
  const rest = Math.max(0, length - head.length);
  // A text does not end with a blank: whoever trims it would change it.
  return (
    head +
    filler
      .repeat(Math.ceil(rest / filler.length))
      .slice(0, rest)
      .replace(/ $/u, '.')
      .padEnd(1, '.')
  );
}

/** @param at where the marker ends */
export function markAt(text: string, at: number): Mark {
  const middle = at + numberLength;
  return {
    number: Number.parseInt(text.slice(at, middle), 36),
    due: Number.parseInt(text.slice(middle, middle + dueLength), 36) / 1_000,
  };
}

function digits(value: number, length: number): string {
  return value.toString(36).padStart(length, '0');
}
