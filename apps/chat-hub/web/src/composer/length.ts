import { limits } from '@parley/hub-protocol';

/** So many characters before the end, they are counted for who writes. */
const nearEnd = 500;

export interface Length {
  /** How many characters are left; below 0 there are too many. Undefined: the end is far. */
  readonly left: number | undefined;
  /** Why it cannot be sent. */
  readonly problem: string | undefined;
}

/** What the hub will say of the length of a text. Characters are counted as it counts them, and only where it matters. */
export function lengthOf(text: string): Length {
  if (text.length <= limits.content - nearEnd) return { left: undefined, problem: undefined };
  const left = limits.content - Array.from(text).length;
  if (left < 0) return { left, problem: `It is ${(-left).toLocaleString()} characters too long to be sent.` };
  const bytes = new TextEncoder().encode(JSON.stringify(text)).length;
  const problem =
    bytes > limits.contentBytes ? 'It takes too many bytes to be sent: make it shorter.' : undefined;
  return { left: left < nearEnd ? left : undefined, problem };
}
