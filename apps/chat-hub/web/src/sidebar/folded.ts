import { keep, readKept } from '../hub/keep.ts';
import { createValue } from '../hub/value.ts';

const key = 'parley.folded';
const kept = readKept(key);
const folded = createValue<readonly string[]>(
  Array.isArray(kept) ? kept.filter((name) => typeof name === 'string') : [],
);

/** Which sections somebody folded, also when they come the next time. */
export const useFolded = (name: string): boolean => folded.use().includes(name);

export function fold(name: string, away: boolean): void {
  const others = folded.get().filter((other) => other !== name);
  folded.set(away ? [...others, name] : others);
  keep(key, folded.get());
}
