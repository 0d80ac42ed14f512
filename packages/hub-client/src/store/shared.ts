/** The list of before, when the new one has the same in it: whoever compares sees that nothing changed. */
export function shared<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return before.length === now.length && now.every((item, at) => item === before[at]) ? before : now;
}
