import { distance } from './distance.ts';
import { parsed } from './fields.ts';

const modes = ['production', 'development', 'test'];

/** The value of NODE_ENV. Other names are allowed, but not one that was meant to be one of the three: nobody wants to run `Production` as development. */
export const mode = parsed((text) =>
  modes.includes(text) || !modes.some((known) => resembles(text, known)) ? text : undefined,
);

function resembles(text: string, known: string): boolean {
  const lower = text.toLowerCase();
  const beginning = lower.length >= 3 && known.startsWith(lower);
  return beginning || lower.startsWith(known) || distance(lower, known) <= 2;
}
